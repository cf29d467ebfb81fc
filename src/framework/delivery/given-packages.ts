import { isCoordinate, parseCoordinate } from '../../coordinates/packages/coordinate.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import { packageNameOf } from '../../server/libraries/npm-package.ts'

/** Names of the npm packages among the libraries: what a function imports of them has no copy. */
export async function packagesAmong(
  libraries: readonly LibraryInput[],
): Promise<ReadonlySet<string>> {
  const names = await Promise.all(
    libraries.map(async ({ path }) => {
      if (!isCoordinate(path)) return await packageNameOf(path)
      const coordinate = parseCoordinate(path)
      return coordinate.kind === 'npm' ? coordinate.name : undefined
    }),
  )
  return new Set(names.filter((name) => name !== undefined))
}
