import type { Command } from 'commander'
import { parseLaunchId } from '../../domain/tasks/task-request.ts'
import { JarcastError } from '../../errors.ts'
import { followTask } from '../../framework/sandbox/follow-task.ts'
import { createTaskFiles } from '../../framework/sandbox/task-files.ts'
import { toCount } from '../flags/option-values.ts'
import { printable } from '../output/printable.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { createBufferCollector } from '../process/young-buffers.ts'
import { withRun } from './find-run.ts'
import type { KnownRun } from './known-run.ts'
import { createJsonLogWriter, createRawLogWriter } from './log-writer.ts'
import { addSteerFlags } from './steer-flags.ts'
import type { SteerFlags } from './steer-flags.ts'

interface Flags extends SteerFlags {
  readonly follow?: boolean
  readonly stderr?: boolean
  readonly executor?: boolean
  readonly offset: number
}

const help = `
Prints the output of a task from its first byte, read from its agent; also after the end of the task, for as long as
the agent keeps the sandbox. With --follow, it goes on until the task has ended and all is printed, through restarts of
the agent and through all attempts. The output is copied as it is; on a terminal, without escape sequences.

Examples:
  $ jarcast logs sums-3 --journal ./run-1
  $ jarcast logs sums-3 -f --stderr --journal ./run-1
  $ jarcast logs sums-3 --master http://10.0.0.1:5050 --framework nightly > sums-3.log
  $ jarcast logs sums-3 --journal ./run-1 --offset "$(stat -c %s sums-3.log)" >> sums-3.log

Exit status: 0; 1 if the agent does not answer; 2 for wrong usage, an unknown task, or if no run answers.`

/** Adds `jarcast logs`. Calls `done` with the exit status. */
export function addLogsCommand(program: Command, done: (status: number) => void): void {
  addSteerFlags(program.command('logs'))
    .summary('print the output of a task')
    .description('Prints the output of a task, from its agent.')
    .argument('<task>', 'id of the task')
    .option('-f, --follow', 'go on until the task has ended')
    .option('--stderr', 'stderr in place of stdout')
    .option('--executor', "the executor's own output: of all its tasks, and about libraries")
    .option('--offset <bytes>', 'begin after this many bytes', toCount(0), 0)
    .option('--json', 'print lines as JSON objects, and a summary')
    .addHelpText('after', help)
    .action(async (taskId: string, flags: Flags) => {
      await withRun(flags, (run) => printLogs(run, taskId, flags))
      done(exitStatuses.ok)
    })
}

async function printLogs(run: KnownRun, taskId: string, flags: Flags): Promise<void> {
  const { follow = false, executor = false, offset } = flags
  const name = flags.stderr === true ? 'stderr' : 'stdout'
  const task = await run.task(taskId)
  if (task === undefined) throw unknown(taskId)
  const writer = flags.json === true ? createJsonLogWriter(taskId, name) : createRawLogWriter()
  writer.begin(task.attempt)
  if (task.place === undefined && (task.isOver || !follow)) {
    noteNothing(taskId, task.isOver)
    return await writer.end()
  }
  if (follow) run.hold()
  const { master: _, ...access } = await run.access()
  // Another master may lead by the time that an agent is looked for.
  const files = createTaskFiles({ ...access, masterUrl: async () => (await run.access()).master })
  const collectBuffers = createBufferCollector()
  let bytes = 0
  let attempts = 0
  try {
    const parts = followTask({
      find: () => run.task(taskId),
      files,
      file: { name, isExecutor: executor },
      offset,
      isFollowing: follow,
      onAttempt({ launchId }) {
        if ((attempts += 1) > 1) say(`${taskId} was launched again, as ${launchId}`)
        writer.begin(parseLaunchId(launchId).attempt)
      },
      onRetry: createRetryNote(),
    })
    for await (const part of parts) {
      bytes += part.length
      if (!(await writer.write(part))) return
      collectBuffers(part.length)
    }
    await writer.end()
  } finally {
    files.close()
  }
  if (bytes === 0 && offset === 0) noteEmpty(taskId, flags)
}

/** There may be another file with the output. */
function noteEmpty(taskId: string, { stderr = false, executor = false }: Flags): void {
  const [name, other] = stderr ? ['stderr', 'stdout, without --stderr'] : ['stdout', '--stderr']
  const more = executor ? '' : ', or --executor if its executor has no files for each task'
  say(`${taskId} has written nothing to ${name}: see ${other}${more}`)
}

/** A note for the first of several attempts. */
function createRetryNote(): (error: JarcastError) => void {
  let last = ''
  return ({ message }) => {
    if (message !== last) say(`${message}; trying again`)
    last = message
  }
}

function noteNothing(taskId: string, isOver: boolean): void {
  say(`${taskId} ${isOver ? 'never was on an agent' : 'waits for an agent'}: it has no output`)
}

function say(text: string): void {
  process.stderr.write(`${printable(text)}\n`)
}

function unknown(taskId: string): JarcastError {
  const message = `no task ${taskId} in this run: "jarcast ps" lists its tasks`
  return new JarcastError('TASK_UNKNOWN', message, { details: { taskId } })
}
