import { randomUUID } from 'node:crypto'
import { Option } from 'commander'
import type { Command } from 'commander'
import { jvmIsolations } from '../../domain/tasks/jvm-isolation.ts'
import type { TaskRequest } from '../../domain/tasks/task-request.ts'
import { hashOf } from '../../journal/core/state-hash.ts'
import { toExecWork } from './exec-work.ts'
import type { ExecFlags } from './exec-work.ts'
import { checkFrameworkFlags } from '../flags/check-flags.ts'
import { addFrameworkFlags } from '../flags/framework-flags.ts'
import type { FrameworkFlags } from '../flags/framework-flags.ts'
import { createRunReport } from '../report/run-report.ts'
import { runSession } from '../session/run-session.ts'
import { describeTaken } from '../flags/greedy-options.ts'
import { librariesOf, mergeLibraries } from '../flags/library-flags.ts'
import { showTaskOutput } from './task-output.ts'

type Flags = FrameworkFlags & ExecFlags

const help = `
The output of the task goes to stdout: what the class printed, what the Java program wrote, the function's result
as JSON. Everything else goes to stderr. Give --java, --js and -- as the last option: the words after it are the task's.

Examples:
  $ jarcast exec --master http://10.0.0.1:5050 --jar mysql.jar --load-class com.mysql.cj.jdbc.Driver
  $ jarcast exec --master local --jar compiler.jar --java com.google.javascript.jscomp.CommandLineRunner --version
  $ jarcast exec --master local --js sums.mjs#add 1 2 3
  $ jarcast exec --master local --jar app.jar -- 'java -cp "$JARCAST_CLASSPATH" com.example.Main'

Exit status: 0 when the task finished, 1 when it did not, 2 for wrong usage, 129, 130 or 143 after a signal.`

/** Adds `jarcast exec`. Calls `done` with the exit status. */
export function addExecCommand(program: Command, done: (status: number) => void): void {
  addFrameworkFlags(program.command('exec'))
    .summary('run one task')
    .description('Runs one task on a Mesos cluster, with the libraries it needs.')
    .usage(
      '--master URL [options] (--load-class NAME | --java MAIN ARGS… | --js FILE#export ARGS… | -- CMD…)',
    )
    .option('--load-class <name>', 'load a class from the jars, with its static initialiser')
    .option('--java', 'MAIN ARGS…: run a main class with the jars on its class path')
    .option('--js', 'FILE#export ARGS…: call a function; arguments are JSON, or else strings')
    .addOption(
      new Option(
        '--isolation <mode>',
        'of Java: a JVM of its own (process, default), the warm one (shared), its own classes there (child-first)',
      ).choices(jvmIsolations),
    )
    .option(
      '--parent-first <prefix...>',
      'with child-first: classes that the parent keeps to itself',
    )
    .argument('[words...]', 'what --java and --js take, or after -- a shell command')
    // From the first word on, nothing is an option of ours any more.
    .passThroughOptions()
    .addHelpText('after', help)
    .action(async (words: readonly string[], flags: Flags) => {
      done(await runOne(words, flags))
    })
}

async function runOne(words: readonly string[], flags: Flags): Promise<number> {
  checkFrameworkFlags(flags)
  const { work, libraries } = toExecWork(flags, words, describeTaken(flags))
  const isJson = flags.json === true
  // The report's own lines must not be in the way of who reads the task's output.
  const stream = isJson ? process.stdout : process.stderr
  // With a journal the same command is the same task, whose outcome may be known already.
  const suffix = flags.journal === undefined ? randomUUID() : hashOf(JSON.stringify(work))
  const task: TaskRequest = { id: `exec-${suffix.slice(0, 8)}`, work }
  const report = createRunReport({ stream, json: isJson, taskIds: [task.id] })
  return await runSession({
    flags,
    tasks: [task],
    libraries: mergeLibraries(librariesOf(flags), libraries),
    report,
    async onTasksOver(master, framework) {
      report.closeBars()
      const [row] = report.log.rows()
      if (isJson || row === undefined) return
      const { frameworkId } = framework
      await showTaskOutput(row, { kind: work.kind, frameworkId, ...master })
    },
  })
}
