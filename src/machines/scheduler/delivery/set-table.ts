/**
 * The library sets of a framework: the current one, which new tasks get, and earlier ones that
 * tasks still need. Sets are immutable; a change makes the next one.
 */
import { JarcastError } from '../../../errors.ts'
import { createLibrarySet, maxLibraries } from '../../../domain/libraries/library.ts'
import type { Library, LibrarySet } from '../../../domain/libraries/library.ts'
import { emptyMap, getFrom, removeFrom, setIn, valuesOf } from '../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../domain/persistent-map.ts'

/** Adds, replaces or removes one library. */
export type LibraryChange =
  | { readonly type: 'library.added'; readonly library: Library }
  | { readonly type: 'library.replaced'; readonly name: string; readonly library: Library }
  | { readonly type: 'library.removed'; readonly name: string }

export interface SetTable {
  /** Id of the set that the process was started with. */
  readonly base: string | undefined
  /** Id of the set that new tasks get. */
  readonly current: string | undefined
  /** The current set and those that tasks need, by id. */
  readonly sets: PersistentMap<LibrarySet>
}

export const emptySetTable: SetTable = { base: undefined, current: undefined, sets: emptyMap() }

export function currentSet({ current, sets }: SetTable): LibrarySet | undefined {
  return current === undefined ? undefined : getFrom(sets, current)
}

/** Makes a set the one that new tasks get. */
export function putSet(table: SetTable, set: LibrarySet): SetTable {
  return tableOf(table.base, set.id, setIn(table.sets, set.id, set))
}

/**
 * The table after the start of a process with `set`. If the process before started with the same
 * set, later changes stay; otherwise `set` becomes the current one.
 */
export function startWithSet(table: SetTable, set: LibrarySet): SetTable {
  if (table.base === set.id) return table
  return tableOf(set.id, set.id, setIn(table.sets, set.id, set))
}

/** The sets that no task needs (`inUse`: those that tasks need) and new tasks do not get. */
export function unusedSets(
  { current, sets }: SetTable,
  inUse: readonly string[],
): readonly LibrarySet[] {
  if (sets.size <= 1) return []
  return Array.from(valuesOf(sets)).filter(({ id }) => id !== current && !inUse.includes(id))
}

export function removeSets(table: SetTable, removed: readonly LibrarySet[]): SetTable {
  const sets = removed.reduce((kept, { id }) => removeFrom(kept, id), table.sets)
  return tableOf(table.base, table.current, sets)
}

/**
 * The set after a change. An added library goes to the end of the class path; a replacement keeps
 * the place. Adding the same library again changes nothing. Throws `LIBRARY_NOT_FOUND` when the
 * library to replace or remove is not in the set, `CONFIG_INVALID` when another library has the
 * name to add, or the set is full.
 */
export function changeSet({ libraries }: LibrarySet, change: LibraryChange): LibrarySet {
  if (change.type === 'library.added') return withLibrary(libraries, change.library)
  const { name } = change
  if (!libraries.some((library) => library.name === name)) {
    throw new JarcastError('LIBRARY_NOT_FOUND', `the library set has no ${name}`, {
      details: { library: name },
    })
  }
  const replacement = change.type === 'library.replaced' ? [change.library] : []
  return createLibrarySet(
    libraries.flatMap((library) => (library.name === name ? replacement : [library])),
  )
}

/**
 * Keeps one order of fields: states are compared as JSON, and snapshots leave out undefined fields.
 */
function tableOf(
  base: string | undefined,
  current: string | undefined,
  sets: PersistentMap<LibrarySet>,
): SetTable {
  return { base, current, sets }
}

function withLibrary(libraries: readonly Library[], added: Library): LibrarySet {
  const { name, sha256, kind, place } = added
  const known = libraries.find((library) => library.name === name)
  const isSame = known?.sha256 === sha256 && known.kind === kind && known.place === place
  if (isSame) return createLibrarySet(libraries)
  if (known !== undefined) {
    throw new JarcastError(
      'CONFIG_INVALID',
      `the library set has another ${name}; replace it, or give this one another name`,
      { details: { library: name } },
    )
  }
  if (libraries.length >= maxLibraries) {
    throw new JarcastError('CONFIG_INVALID', `a library set has at most ${maxLibraries} libraries`)
  }
  return createLibrarySet([...libraries, added])
}
