/** Packages by coordinate: resolved and fetched before anything is staged. */
import { defined } from '../../defined.ts'
import { isCoordinate } from '../../coordinates/packages/coordinate.ts'
import type { FetchedPackage } from '../../coordinates/packages/packages.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import type { ReportProgress } from '../facts/events.ts'
import { reportPackages } from '../facts/package-progress.ts'
import { lockFileOf } from '../options/lock-file.ts'
import type { FrameworkSettings } from '../options/settings.ts'

/**
 * Returns the libraries with the packages of all coordinates in the place of the first one. Errors:
 * those of `resolvePackages`.
 */
export async function withPackages(
  {
    libraries,
    packages: settings,
    journal,
  }: Pick<FrameworkSettings, 'libraries' | 'packages' | 'journal'>,
  report: ReportProgress | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly LibraryInput[]> {
  const first = libraries.findIndex(({ path }) => isCoordinate(path))
  if (first < 0) return libraries
  const { boms = [], exclusions = [], overrides = {}, ...options } = settings
  const named = libraries.map(({ path }) => path).filter(isCoordinate)
  const lockFile = lockFileOf({ packages: settings, journal })
  // Loaded on demand: most runs have no packages, and npm's own libraries take long to load.
  const { resolvePackages } = await import('../../coordinates/resolve-packages.ts')
  const { packages } = await resolvePackages(
    { packages: named, boms, exclusions, overrides },
    {
      ...options,
      ...defined({ lockFile }),
      signal,
      onResolving: (progress) => report?.({ type: 'package.resolving', ...progress }),
      onProgress: reportPackages(report),
      onWarning: (message) => report?.({ type: 'package.warning', message }),
    },
  )
  const isOther = ({ path }: LibraryInput): boolean => !isCoordinate(path)
  return [
    ...libraries.slice(0, first),
    ...packages.flatMap(toLibrary),
    ...libraries.slice(first).filter(isOther),
  ]
}

function toLibrary({ file, name, kind, place }: FetchedPackage): readonly LibraryInput[] {
  if (kind === undefined) return []
  return [{ path: file, name, kind, ...defined({ place }) }]
}
