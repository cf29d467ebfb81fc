import type { Command } from 'commander'
import type { FollowedOutputs } from '../../framework/control/follow-outputs.ts'
import { checkFrameworkFlags } from '../flags/check-flags.ts'
import { addFrameworkFlags } from '../flags/framework-flags.ts'
import type { FrameworkFlags } from '../flags/framework-flags.ts'
import { addOutputFlag } from '../flags/output-flag.ts'
import type { OutputFlag } from '../flags/output-flag.ts'
import { readRecordedLog } from '../report/record/recorded-log.ts'
import type { RunRow } from '../report/record/run-log.ts'
import { createRunReport } from '../report/run-report.ts'
import type { RunReport } from '../report/run-report.ts'
import { withInspector } from '../session/run-inspector.ts'
import { runSession } from '../session/run-session.ts'
import { showOutputs } from '../session/show-outputs.ts'
import { traceTasks } from '../session/traced-modules.ts'
import { takeModule } from '../flags/greedy-options.ts'
import { librariesOf } from '../flags/library-flags.ts'
import { isLocalMaster } from '../flags/master-flags.ts'
import { withTemporaryFolder } from '../process/temporary-folder.ts'
import { loadTaskModule } from './task-module.ts'
import { watchModule } from './watch-module.ts'

type Flags = FrameworkFlags & OutputFlag

const help = `
TASKS.mjs exports tasks: functions, which are called on an agent, and objects with "work". The default export may be an
array of them, or an async function that returns one. What the module imports travels with it: its own files, packages,
JSON, wasm, native addons. TypeScript runs as it is, on every version of Node. --lib is for what cannot be found before it
runs: import() with a computed name, and data.

  // tasks.mjs
  import { hostname } from 'node:os'
  export function where() { return hostname() }
  export const java = { work: { kind: 'load-class', className: 'com.example.Main' } }
  export default [
    { id: 'six', work: { kind: 'js', module: './sums.mjs', export: 'add', args: [1, 2, 3] } },
    { id: 'disk', work: { kind: 'shell', command: 'df -h .' }, retry: { maxAttempts: 3 } },
  ]

Examples:
  $ jarcast run tasks.mjs --master local --agents 2 --jar lib/*.jar
  $ jarcast run tasks.mjs --master local --jar lib/*.jar --inspect
  $ jarcast run tasks.mjs --master http://10.0.0.1:5050 --lib ./node_modules/eventemitter3 --json

What tasks write is shown while they run, stdout on stdout and stderr on stderr: with several tasks, each line behind the id
of its task. --no-output leaves it out; "jarcast logs" prints it, too.

With --inspect, a page shows the run while it goes on, and its past; it ends with this command, or with --inspect-wait
at Ctrl-C. "jarcast inspect DIR" shows the journal of a run at any time.

With --journal DIR, the same command continues the run after a crash or a kill -9; after its end it prints the same
results again. Tasks are recognised by their ids, here the names of the exports.

Exit status: 0 if every task finished, 1 if one did not, 2 for wrong usage, 129, 130 or 143 after a signal.`

/** Adds `jarcast run`. Calls `done` with the exit status. */
export function addRunCommand(program: Command, done: (status: number) => void): void {
  addOutputFlag(addFrameworkFlags(program.command('run')))
    .summary('run the tasks of a module')
    .description(
      'Runs the tasks that a module exports on a Mesos cluster, with the libraries they need.',
    )
    .argument('[tasks]', 'a module, such as tasks.mjs or tasks.ts')
    .usage('TASKS.mjs --master URL [options]')
    .addHelpText('after', help)
    .action(async (path: string | undefined, flags: Flags) => {
      const taken = takeModule(path, flags)
      done(await withTemporaryFolder(() => runModule(taken.path, taken.flags)))
    })
}

function wasLaunched({ agentId }: RunRow): boolean {
  return agentId !== undefined
}

function hasBegun(row: RunRow): boolean {
  return wasLaunched(row) || row.end !== undefined
}

async function runModule(path: string, flags: Flags): Promise<number> {
  checkFrameworkFlags(flags)
  const module = await loadTaskModule(path)
  const taskIds = module.tasks.map(({ id }) => id)
  const report = createRunReport({
    json: flags.json === true,
    taskIds,
    journal: flags.journal,
    hasOwnCluster: isLocalMaster(flags),
  })
  let outputs: FollowedOutputs | undefined
  return await withInspector(flags, async (openPage) => {
    try {
      return await watchModule(path, async (failed) => {
        const tracing = traceTasks(module.tasks, module.libraries, librariesOf(flags), flags)
        const { tasks, libraries, notes } = await Promise.race([tracing, failed])
        for (const note of notes) report.note(note)
        return await runSession({
          flags,
          tasks,
          libraries,
          report,
          openPage,
          failed,
          onCreated(framework) {
            if (flags.output) outputs = showOutputs(framework, report)
          },
          onTasksOver: async () => await outputs?.settled(),
        })
      })
    } finally {
      outputs?.close()
      await printResults(report, taskIds, flags)
    }
  })
}

async function printResults(
  report: RunReport,
  taskIds: readonly string[],
  { journal }: Pick<FrameworkFlags, 'journal'>,
): Promise<void> {
  // If the framework failed before its first launch, its error says all.
  const isShown = report.failure === undefined ? hasBegun : wasLaunched
  if (!report.log.rows().some(isShown)) return
  report.printResults(journal === undefined ? undefined : await readRecordedLog(journal, taskIds))
}
