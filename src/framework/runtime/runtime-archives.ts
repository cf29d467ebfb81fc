/** Archives of runtimes that the user names: by path, address or coordinate. */
import { basename } from 'node:path'
import { isCoordinate } from '../../coordinates/packages/coordinate.ts'
import { defined } from '../../defined.ts'
import { configInvalid } from '../../errors.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import type { ReportProgress } from '../facts/events.ts'
import { reportPackages } from '../facts/package-progress.ts'
import type { FrameworkSettings } from '../options/settings.ts'

type Settings = Pick<FrameworkSettings, 'runtime' | 'packages'>

/**
 * Fetches what is not on this machine. Errors: those of `resolvePackages` and `fetchUrl`, the
 * signal's reason.
 */
export async function findJres(
  { runtime, packages }: Settings,
  report: ReportProgress | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly LibraryInput[]> {
  const found: LibraryInput[] = []
  for (const jre of runtime.jres) {
    const path = await locateArchive(jre, packages, report, signal)
    // Keeps it apart from libraries of the same name.
    found.push({ path, name: `jre-${archiveName(jre, path)}`, kind: 'jre' })
  }
  return found
}

/** Path on this machine. Fetches the archive if needed. Errors as `findJres`. */
export async function locateArchive(
  place: string,
  {
    cacheFolder,
    isOffline,
    repositories,
    mavenSettings,
    localRepository,
    platform,
  }: Settings['packages'],
  report: ReportProgress | undefined,
  signal: AbortSignal | undefined,
): Promise<string> {
  const onProgress = reportPackages(report)
  const common = { ...defined({ cacheFolder, isOffline, signal }), onProgress }
  if (/^https?:/.test(place)) {
    const { fetchUrl } = await import('../../coordinates/fetch-url.ts')
    const [address = '', sha256 = ''] = place.split('#')
    return await fetchUrl(new URL(address), sha256, common)
  }
  if (!isCoordinate(place)) return place
  const { resolvePackages } = await import('../../coordinates/resolve-packages.ts')
  const more = defined({ repositories, mavenSettings, localRepository, platform })
  const { packages } = await resolvePackages({ packages: [place] }, { ...common, ...more })
  const [found] = packages
  if (found === undefined) throw configInvalid('runtime', `runtime ${place} has no file`)
  return found.file
}

/** The last part of an address, else of the path. */
export function archiveName(place: string, path: string): string {
  const own = /^https?:/.test(place) ? basename(new URL(place).pathname) : ''
  return own || basename(path)
}
