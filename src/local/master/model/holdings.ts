/** What frameworks hold: used by tasks and executors, and offered. */
import type { ExecutorInfo, Offer, Resource } from '../../../mesos/types.generated.ts'
import { describeOffer } from '../offers/offers.ts'
import type { Framework, MasterState } from '../state/master-state.ts'

export function executorsOf({
  executors,
}: Framework): { readonly agentId: string; readonly info: ExecutorInfo }[] {
  return [...executors].flatMap(([agentId, ofAgent]) =>
    [...ofAgent.values()].map(({ info }) => ({ agentId, info })),
  )
}

export function isOfRole({ allocationInfo }: Resource, role: string): boolean {
  return (allocationInfo?.role ?? '*') === role
}

/** The resources of a framework's tasks and executors. */
export function usedBy(framework: Framework): Resource[] {
  const tasks = [...framework.tasks.values()].filter(({ isReleased }) => !isReleased)
  return [
    ...tasks.flatMap(({ info }) => info.resources ?? []),
    ...executorsOf(framework).flatMap(({ info }) => info.resources ?? []),
  ]
}

/** The resources of tasks and executors, by agent. */
export function usedByAgent({ frameworks }: MasterState): Map<string, Resource[]> {
  const used = new Map<string, Resource[]>()
  const add = (agentId: string, resources: readonly Resource[] = []): void => {
    const present = used.get(agentId)
    if (present === undefined) used.set(agentId, [...resources])
    else present.push(...resources)
  }
  for (const framework of frameworks.values()) {
    for (const task of framework.tasks.values()) {
      if (!task.isReleased) add(task.agentId, task.info.resources)
    }
    for (const { agentId, info } of executorsOf(framework)) add(agentId, info.resources)
  }
  return used
}

interface OffersByHolder {
  readonly ofFramework: ReadonlyMap<string, readonly Offer[]>
  readonly ofAgent: ReadonlyMap<string, readonly Offer[]>
}

export function offersByHolder(master: MasterState): OffersByHolder {
  const ofFramework = new Map<string, Offer[]>()
  const ofAgent = new Map<string, Offer[]>()
  for (const outstanding of master.offers.values()) {
    const framework = master.frameworks.get(outstanding.allocation.frameworkId)
    const agent = master.agents.get(outstanding.allocation.agentId)
    if (framework === undefined || agent === undefined) continue
    const offer = describeOffer(framework, agent, outstanding)
    addTo(ofFramework, framework.id, offer)
    addTo(ofAgent, agent.id, offer)
  }
  return { ofFramework, ofAgent }
}

function addTo(map: Map<string, Offer[]>, key: string, offer: Offer): void {
  const present = map.get(key)
  if (present === undefined) map.set(key, [offer])
  else present.push(offer)
}
