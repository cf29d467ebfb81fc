/** What the scheduler does about its libraries: makes the next set of each change, and lets go of sets nobody needs. */
import { assertEvent } from 'xstate'
import type { LibrarySet } from '../../../domain/libraries/library.ts'
import { withoutStrangers } from './library-holders.ts'
import { changeSet, currentSet, putSet, removeSets, startWithSet, unusedSets } from './set-table.ts'
import type { LibraryChange } from './set-table.ts'
import { JarcastError } from '../../../errors.ts'
import type { SchedulerFact } from '../events.ts'
import { schedulerSetup } from '../setup.ts'
import type { SchedulerContext } from '../setup.ts'

const keepStagedLibraries = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'libraries.staged')
  enqueue.assign({ libraries: startWithSet(context.libraries, event.set) })
})

const changeLibraries = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, ['library.added', 'library.replaced', 'library.removed'])
  const next = nextSet(context, event)
  if ('type' in next) {
    enqueue.emit(next)
    return
  }
  enqueue.assign({ libraries: putSet(context.libraries, next) })
  enqueue.emit({ type: 'libraries.changed', set: next })
})

const rejectLibraryChange = schedulerSetup.emit(({ context }) => ({
  type: 'libraries.rejected',
  ...(context.failure ?? { code: 'FRAMEWORK_STOPPED', message: 'the framework has stopped' }),
}))

/** Runs whenever the last task of a set is over, or a set without tasks is no longer the current one. */
const releaseSets = schedulerSetup.enqueueActions(({ context, enqueue }) => {
  const sets = unusedSets(context.libraries, context.tasks.setUses)
  const libraries = removeSets(context.libraries, sets)
  enqueue.assign({ libraries, holders: withoutStrangers(context.holders, libraries) })
  enqueue({ type: 'fx.releaseSets', params: { sets } })
  enqueue.emit({ type: 'libraries.released', setIds: sets.map(({ id }) => id) })
})

/** By the names that the machine knows them under. */
export const libraryActions = {
  keepStagedLibraries,
  changeLibraries,
  rejectLibraryChange,
  releaseSets,
}

function nextSet(
  { libraries }: SchedulerContext,
  change: LibraryChange,
): LibrarySet | Extract<SchedulerFact, { readonly type: 'libraries.rejected' }> {
  const set = currentSet(libraries)
  try {
    if (set !== undefined) return changeSet(set, change)
  } catch (error) {
    if (!(error instanceof JarcastError)) throw error
    return { type: 'libraries.rejected', code: error.code, message: error.message }
  }
  return { type: 'libraries.rejected', code: 'CONFIG_INVALID', message: 'there is no library set' }
}
