/** What the executor machine does with library sets: a downloader for each, and gone when nothing needs them. */
import type { DoneActorEvent } from 'xstate'
import type { DownloaderOutput } from '../downloader/downloader.ts'
import {
  downloaderId,
  executorSetup,
  find,
  installedSet,
  liveTasks,
  runId,
  seedSetId,
  without,
} from './setup.ts'
import type { ExecutorMachineEvent } from './setup.ts'

const keepSet = executorSetup.assign(({ context, event }) => {
  if (!isDownloadDone(event)) return {}
  const { [event.output.setId]: _, ...sets } = context.sets
  const { output } = event
  // A set that failed is forgotten, so that a later task tries again.
  return { sets: 'installed' in output ? { ...sets, [output.setId]: output.installed } : sets }
})

const forwardToDownloader = executorSetup.enqueueActions(({ context, event, enqueue }) => {
  if (!('setId' in event) || find(context.sets, event.setId) !== 'fetching') return
  enqueue.sendTo(downloaderId(event.setId), event)
})

/** Every live task hears of it; those that do not need the set let it pass. */
const announceSet = executorSetup.enqueueActions(({ context, event, enqueue }) => {
  if (!isDownloadDone(event)) return
  const { output } = event
  const news =
    'installed' in output
      ? { type: 'libraries.ready', installed: output.installed }
      : { type: 'libraries.failed', ...output }
  for (const taskId of liveTasks(context)) enqueue.sendTo(runId(taskId), news)
  enqueue.stopChild(downloaderId(output.setId))
})

/** A set goes when its last task is over and a newer one is in place: the next task will likely come with that. */
const releaseSets = executorSetup.enqueueActions(({ context, enqueue }) => {
  const { newestSetId = seedSetId } = context
  if (installedSet(context, newestSetId).length === 0) return
  const needed = new Set([...Object.values(context.needs), newestSetId, seedSetId])
  const idle = Object.entries(context.sets)
    .filter(([setId, set]) => set !== 'fetching' && !needed.has(setId))
    .map(([setId]) => setId)
  if (idle.length === 0) return
  enqueue.assign({ sets: idle.reduce(without, context.sets) })
  for (const setId of idle) enqueue({ type: 'fx.releaseSet', params: { setId } })
})

/** By the names that the machine knows them under. */
export const setActions = { keepSet, forwardToDownloader, announceSet, releaseSets }

function isDownloadDone(event: ExecutorMachineEvent): event is DoneActorEvent<DownloaderOutput> {
  return event.type.startsWith('xstate.done.actor.downloader:')
}
