/**
 * The master's state as the answers of its operator API have it.
 * Source: apache/mesos src/master/readonly_handler.cpp, src/common/protobuf_utils.cpp (createAgentResponse).
 */
import { defined } from '../../../defined.ts'
import type {
  AgentInfoCapability,
  ExecutorInfo,
  MasterResponseGetAgents,
  MasterResponseGetAgentsAgent,
  MasterResponseGetExecutors,
  MasterResponseGetFrameworks,
  MasterResponseGetFrameworksFramework,
  MasterResponseGetOperations,
  MasterResponseGetState,
  MasterResponseGetTasks,
  Offer,
  Resource,
  Role,
  TimeInfo,
} from '../../../mesos/types.generated.ts'
import { rolesOf } from '../../messages/framework-info.ts'
import { mesosVersion } from '../../messages/version.ts'
import { toResources } from '../../resources/resources.ts'
import { sumResources } from '../../resources/sum-resources.ts'
import { describeOffer } from '../offers/offers.ts'
import { isActive } from '../state/master-state.ts'
import type { Framework, MasterAgent, MasterState } from '../state/master-state.ts'
import { toTask } from '../state/records.ts'

/** What an agent of Mesos 1.12 can do. */
export const agentCapabilities: readonly AgentInfoCapability[] = [
  { type: 'MULTI_ROLE' },
  { type: 'HIERARCHICAL_ROLE' },
  { type: 'RESERVATION_REFINEMENT' },
  { type: 'RESOURCE_PROVIDER' },
  { type: 'RESIZE_VOLUME' },
  { type: 'AGENT_OPERATION_FEEDBACK' },
  { type: 'AGENT_DRAINING' },
  { type: 'TASK_RESOURCE_LIMITS' },
]

/** Seconds since 1970 as Mesos' nanoseconds; a string, because they do not fit a double exactly. */
export function toTimeInfo(seconds: number): TimeInfo {
  return { nanoseconds: `${Math.round(seconds * 1e6)}000` }
}

export function getState(master: MasterState): MasterResponseGetState {
  return {
    getTasks: getTasks(master),
    getExecutors: getExecutors(master),
    getFrameworks: getFrameworks(master),
    getAgents: getAgents(master),
  }
}

export function getTasks({ completedFrameworks, frameworks }: MasterState): MasterResponseGetTasks {
  const all = [...frameworks.values(), ...completedFrameworks]
  return {
    tasks: all.flatMap((each) => [...each.tasks.values()].map((task) => toTask(each, task))),
    unreachableTasks: all.flatMap((each) =>
      [...each.unreachableTasks.values()].map((task) => toTask(each, task)),
    ),
    completedTasks: all.flatMap(({ completedTasks }) => completedTasks),
  }
}

export function getOperations({ frameworks }: MasterState): MasterResponseGetOperations {
  return {
    operations: [...frameworks.values()].flatMap((framework) =>
      [...framework.operations.values()].map(({ agentId, info, latestStatus, statuses, uuid }) => ({
        frameworkId: { value: framework.id },
        agentId: { value: agentId },
        info,
        latestStatus,
        statuses: [...statuses],
        uuid: { value: uuid },
      })),
    ),
  }
}

export function getExecutors({ frameworks }: MasterState): MasterResponseGetExecutors {
  return {
    executors: [...frameworks.values()].flatMap((framework) =>
      executorsOf(framework).map(({ agentId, info }) => ({
        executorInfo: info,
        agentId: { value: agentId },
      })),
    ),
  }
}

export function executorsOf({
  executors,
}: Framework): { readonly agentId: string; readonly info: ExecutorInfo }[] {
  return [...executors].flatMap(([agentId, ofAgent]) =>
    [...ofAgent.values()].map(({ info }) => ({ agentId, info })),
  )
}

export function getFrameworks(master: MasterState): MasterResponseGetFrameworks {
  const outstanding = offersByHolder(master)
  return {
    frameworks: [...master.frameworks.values()].map((framework) =>
      describeFramework(framework, outstanding.ofFramework.get(framework.id)),
    ),
    completedFrameworks: master.completedFrameworks.map((framework) =>
      describeFramework(framework, []),
    ),
  }
}

/** `offers` are those out to it. */
export function describeFramework(
  framework: Framework,
  offers: readonly Offer[] = [],
): MasterResponseGetFrameworksFramework {
  const allocatedResources = toEndpointFormat(usedBy(framework))
  const offeredResources = toEndpointFormat(offers.flatMap(({ resources = [] }) => resources))
  const { id, info, registeredAt, reregisteredAt, stream, unregisteredAt } = framework
  return {
    frameworkInfo: { ...info, id: { value: id } },
    active: stream !== undefined,
    connected: stream !== undefined,
    recovered: framework.isRecovered,
    registeredTime: toTimeInfo(registeredAt),
    reregisteredTime: toTimeInfo(reregisteredAt),
    ...defined({
      unregisteredTime: unregisteredAt === undefined ? undefined : toTimeInfo(unregisteredAt),
    }),
    ...(offers.length === 0 ? {} : { offers }),
    ...(allocatedResources.length === 0 ? {} : { allocatedResources }),
    ...(offeredResources.length === 0 ? {} : { offeredResources }),
    offerConstraints: framework.offerConstraints ?? {},
  }
}

export function getAgents(master: MasterState): MasterResponseGetAgents {
  const outstanding = offersByHolder(master)
  const used = usedByAgent(master)
  return {
    agents: [...master.agents.values()].map((agent) =>
      describeAgent(agent, {
        used: used.get(agent.id) ?? [],
        offered: (outstanding.ofAgent.get(agent.id) ?? []).flatMap(
          ({ resources }) => resources ?? [],
        ),
      }),
    ),
    recoveredAgents: [...master.recoveredAgents.values()],
  }
}

interface Holdings {
  readonly used: readonly Resource[]
  readonly offered: readonly Resource[]
}

export function describeAgent(
  agent: MasterAgent,
  { offered, used }: Holdings,
): MasterResponseGetAgentsAgent {
  const { info, url } = agent.link
  const { drainInfo, drainStartedAt } = agent
  const allocatedResources = toEndpointFormat(used)
  const offeredResources = toEndpointFormat(offered)
  return {
    agentInfo: info,
    active: isActive(agent),
    deactivated: agent.isDeactivated,
    version: mesosVersion,
    pid: `slave(1)@${url.address.ip}:${url.address.port}`,
    registeredTime: toTimeInfo(agent.registeredAt),
    totalResources: toEndpointFormat(toResources(agent.total)),
    ...(allocatedResources.length === 0 ? {} : { allocatedResources }),
    ...(offeredResources.length === 0 ? {} : { offeredResources }),
    capabilities: agentCapabilities,
    ...defined({ drainInfo }),
    ...(drainInfo === undefined || drainStartedAt === undefined
      ? {}
      : { estimatedDrainStartTime: toTimeInfo(Math.floor(drainStartedAt)) }),
  }
}

export function getRoles(master: MasterState): readonly Role[] {
  const { ofFramework } = offersByHolder(master)
  const roles = new Map<string, { frameworks: string[]; held: Resource[] }>()
  for (const framework of master.frameworks.values()) {
    const offered = (ofFramework.get(framework.id) ?? []).flatMap(
      ({ resources }) => resources ?? [],
    )
    for (const name of rolesOf(framework.info)) {
      const role = roles.get(name) ?? { frameworks: [], held: [] }
      role.frameworks.push(framework.id)
      role.held.push(...[...usedBy(framework), ...offered].filter((each) => isOfRole(each, name)))
      roles.set(name, role)
    }
  }
  return [...roles].sort(byName).map(([name, { frameworks, held }]) => ({
    name,
    weight: 1,
    frameworks: frameworks.map((value) => ({ value })),
    resources: quantitiesOf(held),
  }))
}

/** Scalars alone, by name: reservations and volumes count as what they are made of. */
export function quantitiesOf(resources: readonly Resource[]): Resource[] {
  const scalars = resources.flatMap(({ name, scalar }): Resource[] =>
    scalar === undefined ? [] : [{ name, type: 'SCALAR', scalar }],
  )
  return sumResources(scalars).sort((a, b) => (a.name < b.name ? -1 : 1))
}

export function isOfRole({ allocationInfo }: Resource, role: string): boolean {
  return (allocationInfo?.role ?? '*') === role
}

/** What tasks and executors of a framework use. */
export function usedBy(framework: Framework): Resource[] {
  const tasks = [...framework.tasks.values()].filter(({ isReleased }) => !isReleased)
  return [
    ...tasks.flatMap(({ info }) => info.resources ?? []),
    ...executorsOf(framework).flatMap(({ info }) => info.resources ?? []),
  ]
}

/** The same by agent. */
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

/** As endpoints show resources: summed, and unreserved ones with the role `*` that Mesos left out long ago. */
export function toEndpointFormat(resources: readonly Resource[]): Resource[] {
  return sumResources(
    resources.map((resource) =>
      (resource.reservations ?? []).length > 0 || resource.role !== undefined
        ? resource
        : { ...resource, role: '*' },
    ),
  )
}

function addTo(map: Map<string, Offer[]>, key: string, offer: Offer): void {
  const present = map.get(key)
  if (present === undefined) map.set(key, [offer])
  else present.push(offer)
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1
}
