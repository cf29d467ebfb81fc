/** Outstanding offers: sends, takes, withdraws and rescinds them. */
import type { Allocation } from '../allocation/agent-pools.ts'
import { nextOfferId } from '../state/master-state.ts'
import type { Framework, MasterState, OutstandingOffer } from '../state/master-state.ts'
import { withdrawInverseOffers } from './inverse-offer-book.ts'
import { describeOffer } from './offers.ts'

/**
 * Sends allocations to their framework as one OFFERS event; recovers them if it is disconnected.
 */
export function sendOffers(
  master: MasterState,
  frameworkId: string,
  allocations: readonly Allocation[],
): void {
  const framework = master.frameworks.get(frameworkId)
  if (framework?.stream === undefined) {
    for (const allocation of allocations) master.allocator.recover(allocation)
    return
  }
  const offers = allocations.flatMap((allocation) => {
    const agent = master.agents.get(allocation.agentId)
    if (agent === undefined) return []
    const offer = { id: nextOfferId(master), allocation }
    master.offers.set(offer.id, offer)
    return [describeOffer(framework, agent, offer)]
  })
  framework.stream.send({ type: 'OFFERS', offers: { offers } })
}

/** Removes the framework's own offers among `ids` and returns their allocations. */
export function takeOffers(
  master: MasterState,
  frameworkId: string,
  ids: readonly string[],
): Allocation[] {
  const allocations: Allocation[] = []
  for (const id of new Set(ids)) {
    const offer = master.offers.get(id)
    if (offer?.allocation.frameworkId !== frameworkId) continue
    master.offers.delete(id)
    allocations.push(offer.allocation)
  }
  return allocations
}

/** Recovers all offers of a framework without an event: it is removed, or subscribes again. */
export function withdrawOffers(master: MasterState, framework: Framework): void {
  withdrawInverseOffers(master, framework.id)
  for (const { allocation, id } of master.offers.values()) {
    if (allocation.frameworkId !== framework.id) continue
    master.offers.delete(id)
    master.allocator.recover(allocation)
  }
}

/** Rescinds the offers of roles that the framework no longer holds. */
export function rescindOffers(
  master: MasterState,
  framework: Framework,
  roles: readonly string[],
): void {
  for (const offer of master.offers.values()) {
    const { frameworkId, role } = offer.allocation
    if (frameworkId === framework.id && !roles.includes(role)) rescind(master, offer)
  }
}

/** Rescinds the offers of an agent that is disconnected, lost or to be maintained. */
export function rescindAgentOffers(master: MasterState, agentId: string): void {
  for (const offer of master.offers.values()) {
    if (offer.allocation.agentId === agentId) rescind(master, offer)
  }
}

function rescind(master: MasterState, { allocation, id }: OutstandingOffer): void {
  master.offers.delete(id)
  master.allocator.recover(allocation)
  const { stream } = master.frameworks.get(allocation.frameworkId) ?? {}
  stream?.send({ type: 'RESCIND', rescind: { offerId: { value: id } } })
}
