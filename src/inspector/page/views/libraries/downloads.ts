/** Downloads that run now, by library. */
import { groupBy } from '../../../../group-by.ts'
import type { LibrariesAt } from '../../../protocol/lens-views.ts'

export type Download = NonNullable<LibrariesAt['progress']>[number]

export interface LibraryDownloads {
  readonly library: string
  /** Of all its hosts together. */
  readonly bytes: number
  readonly totalBytes: number
  /** By host. */
  readonly downloads: readonly Download[]
}

const order = new Intl.Collator('en', { numeric: true }).compare

/** By name, so that nothing changes its place while it grows. */
export function downloadsByLibrary(progress: readonly Download[]): readonly LibraryDownloads[] {
  return [...groupBy(progress, ({ library }) => library)]
    .map(([library, own]) => ({
      library,
      bytes: sumOf(own, 'bytes'),
      totalBytes: sumOf(own, 'totalBytes'),
      downloads: own.toSorted((one, other) => order(one.host, other.host)),
    }))
    .toSorted((one, other) => order(one.library, other.library))
}

function sumOf(downloads: readonly Download[], key: 'bytes' | 'totalBytes'): number {
  return downloads.reduce((sum, download) => sum + download[key], 0)
}
