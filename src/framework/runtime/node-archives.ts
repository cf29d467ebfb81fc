/** The archives of Node.js that may be shipped, and how they come to this machine. */
import { defined } from '../../defined.ts'
import type { NodeBuild } from '../../domain/tasks/start-node.ts'
import { JarcastError } from '../../errors.ts'
import { readProgram } from '../../server/libraries/read-program.ts'
import type { ReportProgress } from '../facts/events.ts'
import { reportPackages } from '../facts/package-progress.ts'
import type { FrameworkSettings } from '../options/settings.ts'
import { pinnedNodes } from './pinned-node.ts'
import type { PinnedNode } from './pinned-node.ts'
import { lockedNode, lockNode, readRuntimeLock } from './runtime-lock.ts'
import { archiveName, locateArchive } from './runtime-archives.ts'

export interface NodeArchive extends NodeBuild {
  /** File name in sandboxes. */
  readonly name: string
  /** Path on this machine; fetched first, if it is not in the cache of packages. */
  locate(report?: ReportProgress): Promise<string>
}

/**
 * The builds that may be shipped: those that the user names, else npm's. Errors: those of
 * `locateArchive` and `readProgram`.
 */
export async function nodeArchivesFor(
  settings: Settings,
  report?: ReportProgress,
  signal?: AbortSignal,
): Promise<readonly NodeArchive[]> {
  const { node, nodes } = settings.runtime
  if (node === 'none') return []
  if (nodes.length > 0) {
    const read = (place: string) => readArchive(place, settings, report, signal)
    return await Promise.all(nodes.map(read))
  }
  const lock = await readRuntimeLock(settings)
  return pinnedNodes.map((pinned) => {
    const isLocked = lock.node?.[pinned.platform] !== undefined
    const build = lockedNode(pinned, lock)
    return {
      ...build,
      name: `node-${build.version}-${build.platform}.tgz`,
      async locate(report) {
        // Before the fetch: a lock file that must stay as it is may refuse it.
        if (!isLocked) await lockNode(settings, build)
        return await fetchPinned(build, settings, report)
      },
    }
  })
}

type Settings = Pick<FrameworkSettings, 'runtime' | 'packages' | 'journal'>

async function readArchive(
  place: string,
  settings: Settings,
  report: ReportProgress | undefined,
  signal: AbortSignal | undefined,
): Promise<NodeArchive> {
  const path = await locateArchive(place, settings, report, signal)
  const name = archiveName(place, path)
  const version = /\d+\.\d+\.\d+/.exec(name)?.[0] ?? name
  return { ...(await readProgram(path, 'node')), version, name, locate: async () => path }
}

/**
 * From npm, through the cache of packages. Errors: those of `resolvePackages`; `PACKAGE_CORRUPT`
 * for other bytes than the pinned ones.
 */
async function fetchPinned(
  { package: name, version, cpu, tarball }: PinnedNode,
  { packages: settings }: Pick<FrameworkSettings, 'packages'>,
  report: ReportProgress | undefined,
): Promise<string> {
  const { cacheFolder, isOffline } = settings
  const { resolvePackages } = await import('../../coordinates/resolve-packages.ts')
  const coordinate = `npm:${name}@${version}`
  const { packages } = await resolvePackages(
    { packages: [coordinate] },
    {
      ...defined({ cacheFolder, isOffline }),
      platform: { os: 'linux', cpu, libc: 'glibc', nodeVersion: version },
      onProgress: reportPackages(report),
    },
  )
  const [found] = packages
  if (found?.sha256 === tarball.sha256) return found.file
  const message = `${coordinate} has SHA-256 ${found?.sha256}, expected ${tarball.sha256}`
  throw new JarcastError('PACKAGE_CORRUPT', message, { details: { package: coordinate } })
}
