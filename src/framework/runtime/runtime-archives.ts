/** Archives of runtimes that the user names: by path, address or coordinate. */
import { basename } from 'node:path'
import { inVersion, isCoordinate } from '../../coordinates/packages/coordinate.ts'
import { defined } from '../../defined.ts'
import { configInvalid, JarcastError } from '../../errors.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import type { ReportProgress } from '../facts/events.ts'
import { reportPackages } from '../facts/package-progress.ts'
import type { FrameworkSettings } from '../options/settings.ts'
import { lockArchive, readRuntimeLock, refuseFrozen } from './runtime-lock.ts'

type Settings = Pick<FrameworkSettings, 'packages' | 'journal'>

/**
 * Fetches what is not on this machine. Errors: those of `resolvePackages` and `fetchUrl`, the
 * signal's reason.
 */
export async function findJres(
  settings: Settings & Pick<FrameworkSettings, 'runtime'>,
  report: ReportProgress | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly LibraryInput[]> {
  const found: LibraryInput[] = []
  for (const jre of settings.runtime.jres) {
    const path = await locateArchive(jre, settings, report, signal)
    // Keeps it apart from libraries of the same name.
    found.push({ path, name: `jre-${archiveName(jre, path)}`, kind: 'jre' })
  }
  return found
}

/**
 * Path on this machine. Fetches the archive if needed; a coordinate in the version of the lock
 * file. Errors as `findJres`.
 */
export async function locateArchive(
  place: string,
  settings: Settings,
  report: ReportProgress | undefined,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (isCoordinate(place)) return await resolveArchive(place, settings, report, signal)
  if (!/^https?:/.test(place)) return place
  const { cacheFolder, isOffline } = settings.packages
  const { fetchUrl } = await import('../../coordinates/fetch-url.ts')
  const [address = '', sha256 = ''] = place.split('#')
  const onProgress = reportPackages(report)
  const options = { ...defined({ cacheFolder, isOffline, signal }), onProgress }
  return await fetchUrl(new URL(address), sha256, options)
}

async function resolveArchive(
  coordinate: string,
  settings: Settings,
  report: ReportProgress | undefined,
  signal: AbortSignal | undefined,
): Promise<string> {
  const locked = (await readRuntimeLock(settings)).archives?.[coordinate]
  if (locked === undefined) refuseFrozen(settings, `does not have ${coordinate}`)
  const wanted = locked === undefined ? coordinate : inVersion(coordinate, locked.version)
  const { boms: _, exclusions: __, overrides: ___, lockFile: ____, ...options } = settings.packages
  const { resolvePackages } = await import('../../coordinates/resolve-packages.ts')
  const { packages } = await resolvePackages(
    { packages: [wanted] },
    { ...options, isFrozen: false, ...defined({ signal }), onProgress: reportPackages(report) },
  )
  const [found] = packages
  if (found === undefined) throw configInvalid('runtime', `runtime ${coordinate} has no file`)
  if (locked === undefined) await lockArchive(settings, coordinate, found)
  else if (found.sha256 !== locked.sha256) {
    const message = `${found.id} has SHA-256 ${found.sha256}, the lock file has ${locked.sha256}`
    throw new JarcastError('PACKAGE_CORRUPT', message, { details: { package: found.id } })
  }
  return found.file
}

/** The last part of an address, else of the path. */
export function archiveName(place: string, path: string): string {
  const own = /^https?:/.test(place) ? basename(new URL(place).pathname) : ''
  return own || basename(path)
}
