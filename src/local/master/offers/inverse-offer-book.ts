/**
 * Outstanding inverse offers: sends, settles and rescinds them.
 * Source: apache/mesos src/master/master.cpp (inverseOffer, acceptInverseOffers,
 * declineInverseOffers); docs/maintenance.md.
 */
import type { Filters, InverseOffer, OfferID } from '../../../mesos/types.generated.ts'
import type { InverseAllocation } from '../allocation/inverse-allocation.ts'
import { nextOfferId } from '../state/master-state.ts'
import type { MasterState } from '../state/master-state.ts'

/**
 * Sends one INVERSE_OFFERS event. A disconnected framework gets none now, and new ones when it is
 * back.
 */
export function sendInverseOffers(
  master: MasterState,
  frameworkId: string,
  allocations: readonly InverseAllocation[],
): void {
  const framework = master.frameworks.get(frameworkId)
  const inverseOffers: InverseOffer[] = []
  for (const { agentId, unavailability } of allocations) {
    const agent = master.agents.get(agentId)
    if (framework?.stream === undefined || agent === undefined) {
      master.allocator.settleInverseOffer(agentId, frameworkId)
      continue
    }
    const id = nextOfferId(master)
    master.inverseOffers.set(id, { id, frameworkId, agentId })
    inverseOffers.push({
      id: { value: id },
      url: agent.link.url,
      frameworkId: { value: frameworkId },
      agentId: { value: agentId },
      unavailability,
    })
  }
  if (inverseOffers.length === 0) return
  framework?.stream?.send({ type: 'INVERSE_OFFERS', inverseOffers: { inverseOffers } })
}

/** Settles the framework's own inverse offers; ignores other ids. */
export function answerInverseOffers(
  master: MasterState,
  frameworkId: string,
  ids: readonly OfferID[] = [],
  answer: { readonly status: 'ACCEPT' | 'DECLINE'; readonly filters: Filters | undefined },
): void {
  for (const { value } of ids) {
    const offer = master.inverseOffers.get(value)
    if (offer?.frameworkId !== frameworkId) continue
    master.inverseOffers.delete(value)
    const response = { ...answer, atMs: Date.now() }
    master.allocator.settleInverseOffer(offer.agentId, frameworkId, response)
  }
}

/** Sends RESCIND_INVERSE_OFFER for each inverse offer of an agent. */
export function rescindInverseOffers(master: MasterState, agentId: string): void {
  for (const offer of master.inverseOffers.values()) {
    if (offer.agentId !== agentId) continue
    master.inverseOffers.delete(offer.id)
    master.allocator.settleInverseOffer(agentId, offer.frameworkId)
    master.frameworks.get(offer.frameworkId)?.stream?.send({
      type: 'RESCIND_INVERSE_OFFER',
      rescindInverseOffer: { inverseOfferId: { value: offer.id } },
    })
  }
}

/** Settles the inverse offers of a framework that is disconnected or removed, without an event. */
export function withdrawInverseOffers(master: MasterState, frameworkId: string): void {
  for (const offer of master.inverseOffers.values()) {
    if (offer.frameworkId !== frameworkId) continue
    master.inverseOffers.delete(offer.id)
    master.allocator.settleInverseOffer(offer.agentId, frameworkId)
  }
}
