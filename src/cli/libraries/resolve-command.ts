import type { Command } from 'commander'
import type { ResolvedPackages } from '../../coordinates/resolve-packages.ts'
import { JarcastError, configInvalid } from '../../errors.ts'
import { exitStatusOfSignal, exitStatuses } from '../process/exit-status.ts'
import { addPackageFlags, toPackageSettings } from '../flags/package-flags.ts'
import type { PackageFlags } from '../flags/package-flags.ts'
import { packageTree } from './package-tree.ts'
import { jsonEvent } from '../output/json-event.ts'
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
Resolves packages as "run" and "exec" do, fetches them into the cache ($XDG_CACHE_HOME/jarcast), and prints them as a tree
of dependencies with sizes and unused versions. Uses the mirrors, proxies and credentials of ~/.m2/settings.xml and .npmrc.

Examples:
  $ jarcast resolve --package maven:org.apache.spark:spark-sql_2.13:3.5.3 --lock jarcast.lock.json
  $ jarcast resolve --package maven:org.springframework.boot:spring-boot-starter-web \\
      --bom maven:org.springframework.boot:spring-boot-dependencies:3.3.4
  $ jarcast resolve --package npm:express@4 --lock jarcast.lock.json --frozen --offline`

/** Adds `jarcast resolve`. Calls `done` with the exit status. */
export function addResolveCommand(program: Command, done: (status: number) => void): void {
  addPackageFlags(program.command('resolve'))
    .summary('resolve Maven and npm packages into a lock file')
    .description('Resolves Maven and npm packages with all their dependencies.')
    .optionsGroup('Options:')
    .option('--json', 'print one JSON object with the content of the lock file')
    .option('--verbose', 'show the stack of an error')
    .addHelpText('after', help)
    .action(async (flags: ResolveFlags) => {
      done(await withTemporaryFolder(() => resolve(flags)))
    })
}

async function resolve(flags: ResolveFlags): Promise<number> {
  const { package: packages = [] } = flags
  if (packages.length === 0) {
    throw configInvalid('package', '--package is missing: name at least one package')
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
    if (flags.json === true) terminal.print(jsonEvent('resolve', sumsOf(resolved)))
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

function sumsOf({ lock, packages, isLockWritten }: ResolvedPackages): object {
  const sizeBytes = packages.reduce((sum, one) => sum + one.sizeBytes, 0)
  return { packages: packages.length, sizeBytes, isLockWritten, lock }
}
