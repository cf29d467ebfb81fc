/** Actions on the needs that wait: kept, explained after a round of offers, forgotten. */
import { assertEvent } from 'xstate'
import { emptyMap, getFrom, setIn, valuesOf } from '../../../../domain/persistent-map.ts'
import type { WaitingReason } from '../../../../domain/tasks/waiting/waiting-reason.ts'
import { nameActions } from '../../../actions/name-actions.ts'
import { explainWaiting } from '../matching/explain-waiting.ts'
import { sortQueues, updateWatches } from './needs.ts'
import type { NeedWatch, WaitingNeed } from './needs.ts'
import { waitsSetup } from './setup.ts'
import type { WaitsContext, WaitsEvent, WaitsFact } from './setup.ts'

/** Maximum number of needs that are explained after one round, the oldest ones. */
const maxExplained = 10

interface Enqueue {
  assign(changes: Partial<WaitsContext>): void
  emit(fact: WaitsFact): void
  raise(event: WaitsEvent, options: { readonly id: string; readonly delay: number }): void
  cancel(id: string): void
}

/** Starts the time of new needs. */
export const keepNeeds = waitsSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'needs.changed')
  const { watches, added, gone } = updateWatches(context.watches, event.needs)
  for (const watch of gone) stopTimer(enqueue, watch)
  for (const need of added) startTimer(enqueue, need)
  enqueue.assign(added.length === 0 ? { watches } : { watches, repeats: 0 })
})

export const forgetNeeds = waitsSetup.enqueueActions(({ context, enqueue }) => {
  for (const watch of valuesOf(context.watches)) stopTimer(enqueue, watch)
  enqueue.assign({ watches: emptyMap(), repeats: 0 })
})

/** Explains each need of which nothing was launched since its last explanation. */
export const explainAll = waitsSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'round.over')
  const watches = lookAtRound(context, enqueue, event, ({ phase }) => phase !== 'moved')
  const isSame = [...valuesOf(context.watches), ...valuesOf(watches)].every(
    ({ phase }) => phase === 'told',
  )
  // If nothing moves until then, the next explanation is due.
  const settled = Array.from(valuesOf(watches))
    .filter(({ phase }) => phase === 'moved')
    .reduce(
      (map, watch) => setIn(map, String(watch.order), { ...watch, phase: 'told' as const }),
      watches,
    )
  enqueue.assign({ watches: settled, repeats: isSame ? context.repeats + 1 : 0 })
})

export const explainNew = waitsSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'round.over')
  enqueue.assign({ watches: lookAtRound(context, enqueue, event, ({ phase }) => phase === 'new') })
})

/** Restarts the time of needs that moved, and emits the explanations of those that `isDue` selects. */
function lookAtRound(
  context: WaitsContext,
  enqueue: Enqueue,
  { offers, work, launchedIds }: Extract<WaitsEvent, { readonly type: 'round.over' }>,
  isDue: (watch: NeedWatch) => boolean,
): WaitsContext['watches'] {
  const { moved, stuck } = sortQueues(work.tasks, new Set(launchedIds))
  let { watches } = context
  for (const { order } of moved) {
    const watch = getFrom(watches, String(order))
    if (watch === undefined) continue
    stopTimer(enqueue, watch)
    startTimer(enqueue, watch)
    const { reason: _, ...kept } = watch
    watches = setIn(watches, String(order), { ...kept, phase: 'moved' })
  }
  for (const queue of stuck.slice(0, maxExplained)) {
    const watch = getFrom(watches, String(queue.order))
    if (watch === undefined || (!isDue(watch) && watch.limitMs === undefined)) continue
    const { type, count, taskIds, ...reason } = explainWaiting(
      work.tasks,
      queue,
      offers,
      work.delivery,
    )
    if (isDue(watch)) enqueue.emit({ type, count, taskIds, ...reason })
    watches = setIn(
      watches,
      String(queue.order),
      toldOf(watch, withBest(watch, reason), isDue(watch)),
    )
  }
  return watches
}

/** A round may have only a remainder of an agent: the best agent since the last explanation counts. */
function withBest({ phase, reason: before }: NeedWatch, reason: WaitingReason): WaitingReason {
  const { nearest: earlier } = before ?? {}
  const { nearest } = reason
  if (earlier === undefined || phase === 'new') return reason
  const isWorse =
    nearest === undefined ||
    nearest.lacks.length > earlier.lacks.length ||
    ((nearest.has.cpus ?? 0) <= (earlier.has.cpus ?? 0) &&
      (nearest.has.memMb ?? 0) <= (earlier.has.memMb ?? 0))
  return isWorse ? { ...reason, nearest: earlier } : reason
}

function toldOf(watch: NeedWatch, reason: WaitingReason, isTold: boolean): NeedWatch {
  return {
    ...watch,
    ...(isTold ? { phase: 'told' } : {}),
    ...(watch.limitMs === undefined ? {} : { reason }),
  }
}

function startTimer(enqueue: Enqueue, { order, limitMs }: WaitingNeed): void {
  if (limitMs === undefined) return
  enqueue.raise({ type: 'need.overdue', order }, { id: timerOf(order), delay: limitMs })
}

function stopTimer(enqueue: Enqueue, { order, limitMs }: WaitingNeed): void {
  if (limitMs !== undefined) enqueue.cancel(timerOf(order))
}

function timerOf(order: number): string {
  return `need ${order}`
}

nameActions({ keepNeeds, forgetNeeds, explainAll, explainNew })
