/**
 * Offers as frameworks see them, and checks of accepted offers.
 * Source: apache/mesos src/master/master.cpp (Master::offer), include/mesos/v1/mesos.proto (Offer).
 */
import { defined } from '../../../defined.ts'
import type { Offer } from '../../../mesos/types.generated.ts'
import { hasCapability } from '../../messages/framework-info.ts'
import { downgradeResource } from '../../resources/resource-shape.ts'
import { toResources } from '../../resources/resources.ts'
import type { Framework, MasterAgent, OutstandingOffer } from '../state/master-state.ts'

/**
 * `allocationInfo` is only for MULTI_ROLE frameworks; without RESERVATION_REFINEMENT each resource
 * has its `role`.
 */
export function describeOffer(
  framework: Framework,
  agent: MasterAgent,
  { id, allocation }: OutstandingOffer,
): Offer {
  const isMultiRole = hasCapability(framework.info, 'MULTI_ROLE')
  const isRefined = hasCapability(framework.info, 'RESERVATION_REFINEMENT')
  const allocated = isMultiRole ? { allocationInfo: { role: allocation.role } } : {}
  const resources = toResources(allocation.amounts, allocated)
  const executorIds = [...(framework.executors.get(agent.id)?.keys() ?? [])]
  const { attributes, hostname } = agent.link.info
  const { unavailability } = agent
  return {
    id: { value: id },
    frameworkId: { value: framework.id },
    agentId: { value: agent.id },
    hostname,
    url: agent.link.url,
    resources: isRefined ? resources : resources.map(downgradeResource),
    ...defined({ attributes }),
    ...(executorIds.length === 0 ? {} : { executorIds: executorIds.map((value) => ({ value })) }),
    ...defined({ unavailability }),
    ...allocated,
  }
}

/** Why these offers cannot be accepted together, in Mesos' words; undefined if they can. */
export function findOfferError(
  offers: ReadonlyMap<string, OutstandingOffer>,
  frameworkId: string,
  ids: readonly string[],
): string | undefined {
  if (ids.length === 0) return 'No offers specified'
  const duplicate = ids.find((id, index) => ids.indexOf(id) !== index)
  if (duplicate !== undefined) return `Duplicate offer ${duplicate} in offer list`
  const gone = ids.find((id) => !offers.has(id))
  if (gone !== undefined) return `Offer ${gone} is no longer valid`
  const known = ids.map((id) => offers.get(id)).filter((offer) => offer !== undefined)
  return findForeign(known, frameworkId) ?? findMixed(known)
}

function findForeign(offers: readonly OutstandingOffer[], frameworkId: string): string | undefined {
  const foreign = offers.find(({ allocation }) => allocation.frameworkId !== frameworkId)
  return (
    foreign &&
    `Offer ${foreign.id} has invalid framework ${foreign.allocation.frameworkId}` +
      ` while framework ${frameworkId} is expected`
  )
}

function findMixed(offers: readonly OutstandingOffer[]): string | undefined {
  const [first, ...others] = offers
  for (const { id, allocation } of others) {
    const { agentId, role } = first?.allocation ?? allocation
    if (allocation.role !== role) {
      return (
        `Aggregated offers must be allocated to the same role. Offer ${id}` +
        ` uses role '${allocation.role} but another is using role '${role}`
      )
    }
    if (allocation.agentId !== agentId) {
      return (
        `Aggregated offers must belong to one single agent. Offer ${id}` +
        ` uses agent ${allocation.agentId} and agent ${agentId}`
      )
    }
  }
  return undefined
}
