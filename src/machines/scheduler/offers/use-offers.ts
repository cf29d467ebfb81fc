/** Actions on offers: use, hold, decline. */
import { assertEvent } from 'xstate'
import { emptyMap, removeFrom, setIn, valuesOf } from '../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../domain/persistent-map.ts'
import * as calls from '../../../mesos/scheduler-calls.ts'
import type { Filters, Offer, SchedulerCall } from '../../../mesos/types.generated.ts'
import { acceptCalls, launchesOf, operationIdsOf, planUse } from './accepts.ts'
import type { OfferUse, Work } from './accepts.ts'
import { rolesWaitedFor } from '../tasks/table/pending-roles.ts'
import { offersSetup } from './setup.ts'
import type { HeldOffer, OffersContext, WorkLaunched } from './setup.ts'
import { needsOf } from './waits/needs.ts'
import type { WaitsEvent } from './waits/setup.ts'
import { nameActions } from '../../actions/name-actions.ts'

/**
 * Time for which the master does not offer declined resources again, s. 5 is the default of Mesos.
 */
const refuseSeconds = { whileWaiting: 1, whileIdle: 5 }

/** Puts work on the offers that came in; holds or declines the others. */
export const useOffers = offersSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.offers')
  const { offers, work } = event
  const use = planUse(work, offers, openTo(context))
  const launched = workLaunched(use, work)
  const filters = filtersFor(countWaiting(work) - countOf(launched))
  for (const call of acceptCalls(use, context.frameworkId, work.delivery, filters))
    enqueue({ type: 'fx.call', params: call })
  const isHeld = context.holdMs > 0
  if (isHeld) enqueue.assign({ held: holdAll(context.held, use.unused) })
  else if (use.unused.length > 0)
    enqueue({ type: 'fx.call', params: declineCall(context, use.unused, filters) })
  const filtered = isHeld ? use.used.map(({ plan }) => plan.offer) : offers
  if (filtered.length > 0)
    enqueue.sendTo('offerFlow', { type: 'roles.filtered', roles: rolesOfOffers(context, filtered) })
  const { length } = launched.launches
  enqueue.emit({ type: 'offers.received', count: offers.length, launched: length })
  // Needs of which no task is left end with the next `needs.changed`.
  if (offers.length > 0 && length < work.tasks.pendingCount)
    enqueue.sendTo('waits', roundOver(offers.map(openTo(context)), work, launched))
  if (countOf(launched) > 0) enqueue.sendParent(launched)
})

/** Puts new work on held offers, and tells the offer flow for which roles work still waits. */
export const takeWork = offersSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, ['work.changed', 'delivery.ready'])
  const { work } = event
  const waiting = countWaiting(work)
  const isNew = waiting > (event.type === 'delivery.ready' ? 0 : context.waiting)
  const { queueCount } = work.tasks
  if (queueCount !== context.needCount || waiting < context.waiting)
    enqueue.sendTo('waits', { type: 'needs.changed', needs: needsOf(work.tasks) })
  if (isNew && context.held.size > 0) {
    const held = Array.from(valuesOf(context.held), ({ offer }) => offer)
    const use = planUse(work, held, openTo(context))
    const launched = workLaunched(use, work)
    if (launched.launches.length < work.tasks.pendingCount)
      enqueue.sendTo('waits', roundOver(held.map(openTo(context)), work, launched))
    if (countOf(launched) > 0) {
      const offers = use.used.map(({ plan }) => plan.offer)
      enqueue.assign({
        held: offers.reduce((left, { id }) => removeFrom(left, id.value), context.held),
      })
      const filters = filtersFor(waiting - countOf(launched))
      for (const call of acceptCalls(use, context.frameworkId, work.delivery, filters))
        enqueue({ type: 'fx.call', params: call })
      enqueue.sendTo('offerFlow', { type: 'roles.filtered', roles: rolesOfOffers(context, offers) })
      enqueue.sendParent(launched)
      // The rest of the work, and of its needs, comes with the next `work.changed`, as new.
      return
    }
  }
  const wanted = wantedRoles(work, context.roles)
  enqueue.assign({ waiting, wanted, needCount: queueCount })
  // While nothing waits, offers still flow for `holdMs`: entering `suppressed` ends that.
  if (waiting > 0 && (isNew || !isEqual(wanted, context.wanted)))
    enqueue.sendTo('offerFlow', { type: 'roles.wanted', wanted, roles: context.roles, isNew })
})

/** Declines offers that were held for two halves of `holdMs`. */
export const ageHeldOffers = offersSetup.enqueueActions(({ context, enqueue }) => {
  const held = [...valuesOf(context.held)]
  const due = held.filter(({ isOld }) => isOld).map(({ offer }) => offer)
  const kept = held.filter(({ isOld }) => !isOld)
  enqueue.assign({
    held: kept.reduce<PersistentMap<HeldOffer>>(
      (map, { offer }) => setIn(map, offer.id.value, { offer, isOld: true }),
      emptyMap(),
    ),
  })
  if (due.length === 0) return
  const filters = filtersFor(context.waiting)
  enqueue({ type: 'fx.call', params: declineCall(context, due, filters) })
  enqueue.sendTo('offerFlow', { type: 'roles.filtered', roles: rolesOfOffers(context, due) })
})

export const declineOffers = offersSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.offers')
  const { offers, work } = event
  if (offers.length === 0) return
  const filters = filtersFor(countWaiting(work))
  enqueue({ type: 'fx.call', params: declineCall(context, offers, filters) })
  enqueue.sendTo('offerFlow', { type: 'roles.filtered', roles: rolesOfOffers(context, offers) })
})

/**
 * Declines the offers of a failed ACCEPT that the master did not take: else no framework could use
 * them.
 */
export const returnOffers = offersSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'call.failed')
  const { offerIds = [] } = event
  const decline = calls.decline(context.frameworkId, offerIds, { refuseSeconds: 0 })
  enqueue({ type: 'fx.call', params: decline })
})

export const stopAsking = offersSetup.enqueueActions(({ context, enqueue }) => {
  const { roles } = context
  enqueue.assign({ wanted: [] })
  enqueue.sendTo('offerFlow', { type: 'roles.wanted', wanted: [], roles, isNew: false })
})

function roundOver(
  offers: readonly Offer[],
  { tasks, delivery }: Work,
  { launches }: WorkLaunched,
): WaitsEvent {
  const work = { tasks, delivery }
  return { type: 'round.over', offers, work, launchedIds: launches.map(({ taskId }) => taskId) }
}

function workLaunched(use: OfferUse, { delivery }: Work): WorkLaunched {
  return {
    type: 'work.launched',
    launches: launchesOf(use, delivery),
    operationIds: operationIdsOf(use),
  }
}

function countOf({ launches, operationIds }: WorkLaunched): number {
  return launches.length + operationIds.length
}

/** Number of tasks and operations that wait for an offer. */
function countWaiting({ tasks, operations }: Work): number {
  return tasks.pendingCount + operations.pendingCount
}

/** The roles for whose offers work waits. Operations take offers of any role. */
function wantedRoles({ tasks, operations }: Work, roles: readonly string[]): readonly string[] {
  if (operations.pendingCount > 0) return roles
  if (tasks.pendingCount === 0) return []
  return rolesWaitedFor(tasks.pendingRoles, tasks.pendingCount, roles)
}

/** Offers of agents with announced maintenance have no resources for tasks that must move. */
function openTo({ leavingAgents }: OffersContext): (offer: Offer) => Offer {
  return (offer) =>
    leavingAgents === 'unused' && offer.unavailability !== undefined
      ? { ...offer, resources: [] }
      : offer
}

function holdAll(held: PersistentMap<HeldOffer>, offers: readonly Offer[]) {
  return offers.reduce((map, offer) => setIn(map, offer.id.value, { offer, isOld: false }), held)
}

function filtersFor(waiting: number): Filters {
  return { refuseSeconds: waiting > 0 ? refuseSeconds.whileWaiting : refuseSeconds.whileIdle }
}

function declineCall(
  { frameworkId }: OffersContext,
  offers: readonly Offer[],
  filters: Filters,
): SchedulerCall {
  const offerIds = offers.map(({ id }) => id.value)
  return calls.decline(frameworkId, offerIds, filters)
}

function rolesOfOffers({ roles }: OffersContext, offers: readonly Offer[]): readonly string[] {
  const allocated = offers.map(({ allocationInfo }) => allocationInfo?.role)
  const known = allocated.filter((role) => role !== undefined)
  return known.length === allocated.length ? [...new Set(known)] : roles
}

function isEqual(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((role, index) => role === other[index])
}

nameActions({ useOffers, takeWork, ageHeldOffers, declineOffers, returnOffers, stopAsking })
