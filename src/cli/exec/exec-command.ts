import { randomUUID } from 'node:crypto'
import { Option } from 'commander'
import type { Command } from 'commander'
import { jvmIsolations } from '../../domain/tasks/jvm-isolation.ts'
import type { TaskRequest } from '../../domain/tasks/task-request.ts'
import type { FollowedOutputs } from '../../framework/control/follow-outputs.ts'
import { hashOf } from '../../journal/core/state-hash.ts'
import { toExecWork } from './exec-work.ts'
import type { ExecFlags } from './exec-work.ts'
import { checkFrameworkFlags } from '../flags/check-flags.ts'
import { addFrameworkFlags } from '../flags/framework-flags.ts'
import type { FrameworkFlags } from '../flags/framework-flags.ts'
import { addOutputFlag } from '../flags/output-flag.ts'
import type { OutputFlag } from '../flags/output-flag.ts'
import { createRunReport } from '../report/run-report.ts'
import { withInspector } from '../session/run-inspector.ts'
import { runSession } from '../session/run-session.ts'
import { showOutputs } from '../session/show-outputs.ts'
import { traceTasks } from '../session/traced-modules.ts'
import { describeTaken } from '../flags/greedy-options.ts'
import { librariesOf } from '../flags/library-flags.ts'
import { withTemporaryFolder } from '../process/temporary-folder.ts'
import { showTaskOutput } from './task-output.ts'
import type { TaskOutput } from './task-output.ts'

type Flags = FrameworkFlags & ExecFlags & OutputFlag

const help = `
stdout gets the output of the command, class or Java program, or the result of the function as JSON. Everything else goes
to stderr. Give --java, --js and -- as the last option: the words after it belong to the task.

Examples:
  $ jarcast exec --master http://10.0.0.1:5050 --jar mysql.jar --load-class com.mysql.cj.jdbc.Driver
  $ jarcast exec --master local --jar compiler.jar --java com.google.javascript.jscomp.CommandLineRunner --version
  $ jarcast exec --master local --js sums.mjs#add 1 2 3
  $ jarcast exec --master local --jar app.jar -- 'java -cp "$JARCAST_CLASSPATH" com.example.Main'

Exit status: 0 if the task finished, 1 if it did not, 2 for wrong usage, 129, 130 or 143 after a signal.`

/** Adds `jarcast exec`. Calls `done` with the exit status. */
export function addExecCommand(program: Command, done: (status: number) => void): void {
  addOutputFlag(addFrameworkFlags(addWorkFlags(program.command('exec'))))
    .summary('run one task')
    .description('Runs one task on a Mesos cluster, with the libraries it needs.')
    .usage(
      '--master URL [options] (--load-class NAME | --java MAIN ARGS… | --js FILE#export ARGS… | -- CMD…)',
    )
    .argument('[words...]', 'arguments of --java and --js; after --, a shell command')
    // All words after the first one belong to the task.
    .passThroughOptions()
    .addHelpText('after', help)
    .action(async (words: readonly string[], flags: Flags) => {
      done(await withTemporaryFolder(() => runOne(words, flags)))
    })
}

function addWorkFlags(command: Command): Command {
  return command
    .optionsGroup('Work:')
    .option('--load-class <name>', 'load a class from the jars and run its static initialiser')
    .option('--java', 'MAIN ARGS…: run a main class with the jars on its class path')
    .option('--js', 'FILE#export ARGS…: call a function; arguments are JSON or strings')
    .addOption(
      new Option(
        '--isolation <mode>',
        'JVM or Node.js of the task: its own (process, default), a warm one (shared), or a warm JVM with a class loader of its own (child-first)',
      ).choices(jvmIsolations),
    )
    .option(
      '--parent-first <prefix...>',
      'with child-first: packages that are always loaded from the parent',
    )
}

async function runOne(words: readonly string[], flags: Flags): Promise<number> {
  checkFrameworkFlags(flags)
  const { work, libraries } = toExecWork(flags, words, describeTaken(flags))
  const isJson = flags.json === true
  // stdout is for the output of the task.
  const stream = isJson ? process.stdout : process.stderr
  // With a journal, the same command is the same task: the journal may have its result.
  const suffix = flags.journal === undefined ? randomUUID() : hashOf(JSON.stringify(work))
  const task: TaskRequest = { id: `exec-${suffix.slice(0, 8)}`, work }
  const report = createRunReport({ stream, json: isJson, taskIds: [task.id] })
  const traced = await traceTasks([task], libraries, librariesOf(flags), flags)
  for (const note of traced.notes) report.note(note)
  let output: TaskOutput | undefined
  let outputs: FollowedOutputs | undefined
  return await withInspector(flags, async (openPage) => {
    return await runSession({
      flags,
      tasks: traced.tasks,
      libraries: traced.libraries,
      report,
      openPage,
      onCreated(framework) {
        if (isJson) {
          if (flags.output) outputs = showOutputs(framework, report)
          return
        }
        const onFirst = () => report.closeLive()
        output = showTaskOutput(framework, {
          taskId: task.id,
          kind: work.kind,
          isShown: flags.output,
          onFirst,
        })
      },
      async onTasksOver() {
        report.closeLive()
        const [row] = report.log.rows()
        if (row !== undefined) await output?.finish(row)
        await outputs?.settled()
      },
    })
  }).finally(() => outputs?.close())
}
