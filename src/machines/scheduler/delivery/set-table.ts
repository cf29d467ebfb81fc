/**
 * The library sets of a framework: the one that new tasks get, and those of before that tasks still run with. Sets are
 * immutable; a change makes the next one.
 */
import { JarcastError } from '../../../errors.ts'
import { createLibrarySet, maxLibraries } from '../../../domain/libraries/library.ts'
import type { Library, LibrarySet } from '../../../domain/libraries/library.ts'
import { emptyMap, getFrom, removeFrom, setIn, valuesOf } from '../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../domain/persistent-map.ts'

/** One library more, another in the place of one, or one less. */
export type LibraryChange =
  | { readonly type: 'library.added'; readonly library: Library }
  | { readonly type: 'library.replaced'; readonly name: string; readonly library: Library }
  | { readonly type: 'library.removed'; readonly name: string }

export interface SetTable {
  /** Id of the set that the process was started with. */
  readonly base: string | undefined
  /** Id of the set that new tasks get. */
  readonly current: string | undefined
  /** The current set and all that tasks still need, by id. */
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
 * Takes in the set that a process was started with. Where it is that of the process before, all changes since then
 * stay; any other is a new beginning.
 */
export function startWithSet(table: SetTable, set: LibrarySet): SetTable {
  if (table.base === set.id) return table
  return tableOf(set.id, set.id, setIn(table.sets, set.id, set))
}

/** The sets that neither new tasks get nor any task needs. */
export function unusedSets(
  { current, sets }: SetTable,
  uses: PersistentMap<number>,
): readonly LibrarySet[] {
  return Array.from(valuesOf(sets)).filter(
    ({ id }) => id !== current && getFrom(uses, id) === undefined,
  )
}

/** Whether there are any, told from two sizes: every set that tasks need is in the table. */
export function hasUnusedSets({ current, sets }: SetTable, uses: PersistentMap<number>): boolean {
  const isIdle = current !== undefined && getFrom(uses, current) === undefined
  return sets.size > uses.size + (isIdle ? 1 : 0)
}

export function removeSets(table: SetTable, removed: readonly LibrarySet[]): SetTable {
  const sets = removed.reduce((kept, { id }) => removeFrom(kept, id), table.sets)
  return tableOf(table.base, table.current, sets)
}

/**
 * The set after a change: what is added goes to the end of the class path, what replaces takes the place of the other.
 * The same library added again changes nothing. Throws `LIBRARY_NOT_FOUND` when the set has no library of the name to
 * replace or remove; `CONFIG_INVALID` when it has another of the name to add, or too many.
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

/** In one order of fields, whether or not the table was read from a snapshot, which leaves out what is undefined. */
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
