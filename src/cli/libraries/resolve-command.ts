import type { Command } from 'commander'
import { JarcastError } from '../../errors.ts'
import { exitStatusOfSignal, exitStatuses } from '../process/exit-status.ts'
import { addPackageFlags, toPackageSettings } from '../flags/package-flags.ts'
import type { PackageFlags } from '../flags/package-flags.ts'
import { packageTree } from './package-tree.ts'
import { printable } from '../output/printable.ts'
import { createResolveProgress } from './resolve-progress.ts'
import { onStopSignal } from '../process/stop-signals.ts'
import type { StopSignal } from '../process/stop-signals.ts'
import { withTemporaryFolder } from '../process/temporary-folder.ts'
import { openTerminal } from '../output/terminal.ts'

interface ResolveFlags extends PackageFlags {
  readonly json?: boolean
}

const help = `
Resolves packages as "run" and "exec" would, fetches them into the cache ($XDG_CACHE_HOME/jarcast), and prints what they
come to: who needs what, sizes, and versions that were asked for and are not used. Mirrors, proxies and credentials are
those of ~/.m2/settings.xml and .npmrc. With --json it prints the lock.

Examples:
  $ jarcast resolve --package maven:org.apache.spark:spark-sql_2.13:3.5.3 --lock jarcast.lock.json
  $ jarcast resolve --package maven:org.springframework.boot:spring-boot-starter-web \\
      --bom maven:org.springframework.boot:spring-boot-dependencies:3.3.4
  $ jarcast resolve --package npm:express@4 --lock jarcast.lock.json --frozen --offline`

/** Adds `jarcast resolve`. Calls `done` with the exit status. */
export function addResolveCommand(program: Command, done: (status: number) => void): void {
  addPackageFlags(program.command('resolve'))
    .summary('what packages by coordinate come to')
    .description('Resolves Maven and npm packages with everything they need, into a lock file.')
    .optionsGroup('Options:')
    .option('--json', 'print the lock as JSON and nothing else')
    .option('--verbose', 'show where in the program an error came from')
    .addHelpText('after', help)
    .action(async (flags: ResolveFlags) => {
      done(await withTemporaryFolder(() => resolve(flags)))
    })
}

async function resolve(flags: ResolveFlags): Promise<number> {
  const { package: packages = [] } = flags
  if (packages.length === 0) {
    throw new JarcastError('CONFIG_INVALID', '--package is missing: name at least one package')
  }
  const { boms = [], exclusions = [], overrides = {}, ...options } = toPackageSettings(flags)
  const errors = openTerminal(process.stderr)
  const progress = createResolveProgress(errors)
  const stopping = new AbortController()
  let stoppedBy: StopSignal | undefined
  const ignoreSignals = onStopSignal((signal) => {
    stoppedBy = signal
    stopping.abort(new JarcastError('FRAMEWORK_STOPPED', `stopped by ${signal}`))
  })
  try {
    const { resolvePackages } = await import('../../coordinates/resolve-packages.ts')
    const resolved = await resolvePackages(
      { packages, boms, exclusions, overrides },
      {
        ...options,
        signal: stopping.signal,
        onResolving: progress.showResolving,
        onProgress: progress.showFetching,
        onWarning: (message) =>
          progress.print(errors.colours.yellow(printable(`jarcast: ${message}`))),
      },
    )
    progress.close()
    const terminal = openTerminal(process.stdout)
    if (flags.json === true) terminal.print(JSON.stringify(resolved.lock))
    else terminal.print(packageTree(resolved, terminal))
    if (resolved.isLockWritten) errors.print(`wrote ${flags.lock}`)
    return exitStatuses.ok
  } catch (error) {
    if (stoppedBy !== undefined) return exitStatusOfSignal(stoppedBy)
    throw error
  } finally {
    progress.close()
    ignoreSignals()
  }
}
