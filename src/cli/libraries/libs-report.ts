/** The library sets of a run, and the hosts that hold each library. */
import type { Library, LibrarySet } from '../../domain/libraries/library.ts'

export interface LibsReport {
  /** The current one last. */
  readonly sets: readonly ReportedSet[]
}

export interface ReportedSet {
  readonly id: string
  /** True for the set that new tasks get. */
  readonly isCurrent: boolean
  readonly libraries: readonly ReportedLibrary[]
}

export interface ReportedLibrary extends Library {
  /** Hosts whose executors reported that they have it. */
  readonly hosts: readonly string[]
}

export function reportSet(
  { id, libraries }: LibrarySet,
  isCurrent: boolean,
  holdersOf: (sha256: string) => readonly string[],
): ReportedSet {
  const reported = libraries.map((library) => ({ ...library, hosts: holdersOf(library.sha256) }))
  return { id, isCurrent, libraries: reported }
}
