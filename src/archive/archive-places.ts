/** Finds entries of an archive with the same path. */
import { posix } from 'node:path'

/**
 * Returns a function that records the path of an entry and the folders above it, and returns why
 * the entry is not allowed. Entries of the same folder may repeat. `maxPlaces` limits entries and
 * folders, also folders without an entry.
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
    // Without the top folder.
    return isFolderAt.size - 1 > maxPlaces ? `more than ${maxPlaces} entries` : undefined
  }
}

/** The fault of two entries at one path. Some file systems ignore case or Unicode normalisation. */
export function twoEntries(path: string): string {
  return `two entries at ${path}`
}
