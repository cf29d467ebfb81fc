/** Actions of the region `librarySets`: a downloader per set; unused sets are released. */
import { assertEvent } from 'xstate'
import type { LibrarySetReference } from '../../domain/tasks/task-payload.ts'
import type { SetSource } from '../downloader/events.ts'
import { executorSetup, find, installedSet, liveTasks, runId, seedSetId, without } from './setup.ts'
import { nameActions } from '../actions/name-actions.ts'

/** Starts a downloader for each set of the task that is neither installed nor being fetched. */
const fetchMissing = executorSetup.enqueueActions(({ context, event, enqueue }) => {
  assertEvent(event, 'libraries.needed')
  const { taskId, librarySet } = event
  const { maxAttempts, concurrency, sets } = context
  const sources = sourcesOf(librarySet, context.seedUris)
  const missing = sources.filter(([setId]) => find(sets, setId) === undefined)
  enqueue.assign({
    sets: {
      ...sets,
      ...Object.fromEntries(missing.map(([setId]) => [setId, 'fetching' as const])),
    },
    ...(librarySet && {
      needs: { ...context.needs, [taskId]: librarySet.id },
      newestSetId: librarySet.id,
    }),
  })
  for (const [setId, source] of missing) {
    const input = { setId, source, maxAttempts, concurrency }
    enqueue.spawnChild('downloader', { id: downloaderId(setId), input })
  }
})

const forwardToDownloader = executorSetup.enqueueActions(({ context, event, enqueue }) => {
  assertEvent(event, ['manifest.*', 'library.*', 'set.*'])
  if (find(context.sets, event.setId) !== 'fetching') return
  enqueue.sendTo(downloaderId(event.setId), event)
})

/** A set that failed is forgotten: a later task tries again. */
const keepSet = executorSetup.assign(({ context, event }) => {
  assertEvent(event, 'xstate.done.actor.downloader.*')
  const { output } = event
  const sets = without(context.sets, output.setId)
  return { sets: 'installed' in output ? { ...sets, [output.setId]: output.installed } : sets }
})

/** Sends the result to all live tasks; runs ignore sets that they do not need. */
const announceSet = executorSetup.enqueueActions(({ context, event, enqueue }) => {
  assertEvent(event, 'xstate.done.actor.downloader.*')
  const { output } = event
  const news =
    'installed' in output
      ? { type: 'libraries.ready', installed: output.installed }
      : { type: 'libraries.failed', ...output }
  for (const taskId of liveTasks(context)) enqueue.sendTo(runId(taskId), news)
  enqueue.stopChild(downloaderId(output.setId))
})

const dropNeed = executorSetup.assign(({ context, event }) => {
  assertEvent(event, 'update.stamped')
  return { needs: without(context.needs, event.update.taskId) }
})

/** Releases sets that no live task needs, once the set of the last launched task is installed. */
const releaseSets = executorSetup.enqueueActions(({ context, enqueue }) => {
  const { newestSetId = seedSetId } = context
  if (installedSet(context, newestSetId).length === 0) return
  const older = Object.keys(context.sets).filter((id) => id !== newestSetId && id !== seedSetId)
  // As a rule: the tasks need not be searched.
  if (older.length === 0) return
  const needed = new Set(Object.values(context.needs))
  const idle = older.filter((id) => context.sets[id] !== 'fetching' && !needed.has(id))
  if (idle.length === 0) return
  enqueue.assign({ sets: idle.reduce(without, context.sets) })
  for (const setId of idle) enqueue({ type: 'fx.releaseSet', params: { setId } })
})

export const librarySetActions = nameActions({
  fetchMissing,
  forwardToDownloader,
  keepSet,
  announceSet,
  dropNeed,
  releaseSets,
})

function downloaderId(setId: string): string {
  return `downloader.${setId}`
}

function sourcesOf(
  librarySet: LibrarySetReference | undefined,
  uris: readonly string[],
): readonly (readonly [setId: string, source: SetSource])[] {
  const own: SetSource | undefined = librarySet && { kind: 'manifest', uri: librarySet.manifestUri }
  return [
    ...(librarySet && own ? [[librarySet.id, own] as const] : []),
    ...(uris.length > 0 ? [[seedSetId, { kind: 'uris', uris }] as const] : []),
  ]
}
