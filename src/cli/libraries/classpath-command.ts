import { Option } from 'commander'
import type { Command } from 'commander'
import { findClassPathConflicts } from '../../domain/class-path/class-path-conflicts.ts'
import type { ClassPathReport } from '../../domain/class-path/class-path-conflicts.ts'
import { javaReleaseOf } from '../../framework/delivery/class-path-check.ts'
import { checkLibraries } from '../../server/libraries/library-check.ts'
import { readJar } from '../../server/libraries/read-jar.ts'
import { classPathTable } from './class-path-table.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { toJavaVersion } from '../flags/option-values.ts'
import { jsonEvent } from '../output/json-event.ts'
import { openTerminal } from '../output/terminal.ts'

interface Flags {
  readonly json?: boolean
  readonly conflicts?: 'warn' | 'fail'
  readonly javaVersion?: string
}

const help = `
Compares jars as "run" and "exec" do before they launch anything. Lists classes in several jars and the jar that each is
loaded from, several versions of one artifact, packages in several jars, and files that are no jars.

Examples:
  $ jarcast classpath lib/*.jar
  $ jarcast classpath a.jar b.jar --json
  $ jarcast classpath lib/*.jar --conflicts fail

Exit status: 0; 1 for a harmful conflict with --conflicts fail; 2 for wrong usage.`

/** Adds `jarcast classpath`. Calls `done` with the exit status. */
export function addClasspathCommand(program: Command, done: (status: number) => void): void {
  program
    .command('classpath')
    .summary('find conflicts between jars')
    .description('Lists the conflicts on a class path of these jars.')
    .argument('<jars...>', 'jars in class-path order')
    .option('--json', 'print the whole report as JSON and nothing else')
    .option(
      '--java-version <version>',
      'Java version of the agents, for multi-release jars (default: 17)',
      toJavaVersion,
    )
    .addOption(
      new Option('--conflicts <policy>', 'fail: end with 1 for a harmful conflict (default: warn)') //
        .choices(['warn', 'fail']),
    )
    .option('--verbose', 'show the stack of an error')
    .addHelpText('after', help)
    .action(async (paths: readonly string[], flags: Flags) => {
      const report = await inspect(paths, flags)
      const terminal = openTerminal(process.stdout)
      terminal.print(
        flags.json === true ? jsonEvent('classpath', report) : classPathTable(report, terminal),
      )
      const isRefused = flags.conflicts === 'fail' && report.isHarmful
      done(isRefused ? exitStatuses.failed : exitStatuses.ok)
    })
}

async function inspect(paths: readonly string[], flags: Flags): Promise<ClassPathReport> {
  const javaRelease = javaReleaseOf(flags.javaVersion)
  const libraries = await checkLibraries(paths.map((path) => ({ path, kind: 'jar' as const })))
  const jars = []
  for (const { path, name } of libraries) jars.push(await readJar(path, name, { javaRelease }))
  return findClassPathConflicts(jars)
}
