/**
 * The library sets of the framework: each change makes the next set, and a set is released when no
 * task needs it. Also keeps which hosts have which libraries.
 */
import { assertEvent, assign, setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import type { LibrarySet } from '../../../domain/libraries/library.ts'
import { emptyMap } from '../../../domain/persistent-map.ts'
import { JarcastError } from '../../../errors.ts'
import type { MesosFailure } from '../connection/events.ts'
import { addHolder, withoutAgent, withoutStrangers } from './library-holders.ts'
import type { LibraryHolders, NewHolder } from './library-holders.ts'
import {
  changeSet,
  currentSet,
  emptySetTable,
  putSet,
  removeSets,
  startWithSet,
  unusedSets,
} from './set-table.ts'
import type { LibraryChange, SetTable } from './set-table.ts'

export type LibrarySetsEvent =
  /** The process was started with these libraries; their files are staged. */
  | { readonly type: 'libraries.staged'; readonly set: LibrarySet }
  | LibraryChange
  /** From the scheduler: the ids of the sets that tasks need have changed. */
  | { readonly type: 'sets.needed'; readonly setIds: readonly string[] }
  /**
   * An executor reported that its host has a library. Other messages of executors are no entries.
   */
  | ({ readonly type: 'holder.added' } & NewHolder)
  | MesosFailure

/** Sent to the scheduler: tasks submitted from now on get this set. */
export interface CurrentSetChanged {
  readonly type: 'sets.changed'
  readonly setId: string
}

export type LibrarySetsFact =
  /** New tasks get this set; tasks submitted before keep theirs. */
  | { readonly type: 'libraries.changed'; readonly set: LibrarySet }
  | { readonly type: 'libraries.rejected'; readonly code: string; readonly message: string }
  /** No task needs these sets any more. */
  | { readonly type: 'libraries.released'; readonly setIds: readonly string[] }

export interface LibrarySetsContext {
  readonly sets: SetTable
  readonly holders: LibraryHolders
  /** Ids of the sets that tasks need. */
  readonly needed: readonly string[]
}

const librarySets = setup({
  types: {} as {
    context: LibrarySetsContext
    events: LibrarySetsEvent
    emitted: LibrarySetsFact
  },
  actions: {
    /** Removes the files of these sets. */
    'fx.releaseSets': (_, _params: { sets: readonly LibrarySet[] }) => undefined,
    keepNeeded: assign(({ event }) => {
      assertEvent(event, 'sets.needed')
      return { needed: event.setIds }
    }),
    keepHolder: assign(({ context, event }) => {
      assertEvent(event, 'holder.added')
      return { holders: addHolder(context.holders, context.sets, event) }
    }),
    forgetAgent: assign(({ context, event }) => {
      assertEvent(event, 'mesos.failure')
      const { agentId } = event
      return agentId === undefined ? {} : { holders: withoutAgent(context.holders, agentId.value) }
    }),
  },
  guards: {
    hasUnused: ({ context }) => unusedSets(context.sets, context.needed).length > 0,
    isOfAgent: ({ event }) => event.type === 'mesos.failure' && event.executorId === undefined,
  },
})

const keepStaged = librarySets.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'libraries.staged')
  const sets = startWithSet(context.sets, event.set)
  enqueue.assign({ sets })
  announce(enqueue.sendParent, sets)
})

const changeSets = librarySets.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, ['library.added', 'library.replaced', 'library.removed'])
  const next = nextSet(context.sets, event)
  if ('type' in next) {
    enqueue.emit(next)
    return
  }
  const sets = putSet(context.sets, next)
  enqueue.assign({ sets })
  enqueue.emit({ type: 'libraries.changed', set: next })
  announce(enqueue.sendParent, sets)
})

const releaseUnused = librarySets.enqueueActions(({ context, enqueue }) => {
  const unused = unusedSets(context.sets, context.needed)
  const sets = removeSets(context.sets, unused)
  enqueue.assign({ sets, holders: withoutStrangers(context.holders, sets) })
  enqueue({ type: 'fx.releaseSets', params: { sets: unused } })
  enqueue.emit({ type: 'libraries.released', setIds: unused.map(({ id }) => id) })
})

export const librarySetsMachine = librarySets.createMachine({
  id: 'librarySets',
  context: { sets: emptySetTable, holders: emptyMap(), needed: [] },
  always: { guard: 'hasUnused', actions: releaseUnused },
  on: {
    'libraries.staged': { actions: keepStaged },
    'library.*': { actions: changeSets },
    'sets.needed': { actions: 'keepNeeded' },
    'holder.added': { actions: 'keepHolder' },
    'mesos.failure': { guard: 'isOfAgent', actions: 'forgetAgent' },
  },
})

export type LibrarySetsSnapshot = SnapshotFrom<typeof librarySetsMachine>
export type LibrarySetsRef = ActorRefFrom<typeof librarySetsMachine>

function announce(sendParent: (notice: CurrentSetChanged) => void, { current }: SetTable): void {
  if (current !== undefined) sendParent({ type: 'sets.changed', setId: current })
}

function nextSet(
  sets: SetTable,
  change: LibraryChange,
): LibrarySet | Extract<LibrarySetsFact, { readonly type: 'libraries.rejected' }> {
  const set = currentSet(sets)
  try {
    if (set !== undefined) return changeSet(set, change)
  } catch (error) {
    if (!(error instanceof JarcastError)) throw error
    return { type: 'libraries.rejected', code: error.code, message: error.message }
  }
  return { type: 'libraries.rejected', code: 'CONFIG_INVALID', message: 'there is no library set' }
}
