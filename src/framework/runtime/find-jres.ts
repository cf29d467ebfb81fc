/** The archives of JREs, as libraries: from a path, an address, or Maven. */
import { basename } from 'node:path'
import { defined } from '../../defined.ts'
import { configInvalid } from '../../errors.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import type { ReportProgress } from '../facts/events.ts'
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
    const path = await locate(jre, packages, report, signal)
    found.push({ path, name: nameOf(jre, path), kind: 'jre' })
  }
  return found
}

async function locate(
  jre: string,
  { cacheFolder, isOffline, repositories, mavenSettings, localRepository }: Settings['packages'],
  report: ReportProgress | undefined,
  signal: AbortSignal | undefined,
): Promise<string> {
  const onProgress = (progress: { readonly package: string; readonly fetchedBytes: number }) =>
    report?.({ type: 'package.fetching', ...progress })
  const common = { ...defined({ cacheFolder, isOffline, signal }), onProgress }
  if (/^https?:/.test(jre)) {
    const { fetchUrl } = await import('../../coordinates/fetch-url.ts')
    const [address = '', sha256 = ''] = jre.split('#')
    return await fetchUrl(new URL(address), sha256, common)
  }
  if (!jre.startsWith('maven:')) return jre
  const { resolvePackages } = await import('../../coordinates/resolve-packages.ts')
  const maven = defined({ repositories, mavenSettings, localRepository })
  const { packages } = await resolvePackages({ packages: [jre] }, { ...common, ...maven })
  const [found] = packages
  if (found === undefined) throw configInvalid('runtime', `runtime jre=${jre} has no file`)
  return found.file
}

/** `jre-` in front keeps it apart from libraries of the same name. */
function nameOf(jre: string, path: string): string {
  return `jre-${basename(/^https?:/.test(jre) ? new URL(jre).pathname : path)}`
}
