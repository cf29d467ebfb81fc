/** Where the entries of an archive go, so that no two want one place. */
import { posix } from 'node:path'

/**
 * Takes a place for each path, and folders for all that are above it; gives why the place cannot be
 * had. Folders may come as often as they like. Folders that no entry names count among `maxPlaces`
 * as well: each is one on the disk.
 */
export function createPlaces(maxPlaces = 200_000) {
  const isFolderAt = new Map<string, boolean>([['.', true]])
  return (path: string, isFolder: boolean): string | undefined => {
    const place = posix.normalize(path).replace(/(?<=.)\/$/, '')
    const known = isFolderAt.get(place)
    if (known !== undefined) return known && isFolder ? undefined : twoEntries(path)
    for (let above = posix.dirname(place); !isFolderAt.get(above); above = posix.dirname(above)) {
      if (isFolderAt.has(above)) return twoEntries(above)
      isFolderAt.set(above, true)
    }
    isFolderAt.set(place, isFolder)
    // The top folder is none of its entries.
    return isFolderAt.size - 1 > maxPlaces ? `more than ${maxPlaces} entries` : undefined
  }
}

/**
 * Also for what a file system takes for one place, by case or Unicode normalisation, though it is
 * two.
 */
export function twoEntries(path: string): string {
  return `two entries at ${path}`
}
