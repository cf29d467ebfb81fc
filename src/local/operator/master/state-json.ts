/**
 * Agents and frameworks on the master's pages.
 * Source: apache/mesos src/master/readonly_handler.cpp.
 */
import { defined } from '../../../defined.ts'
import type { Offer, Resource } from '../../../mesos/types.generated.ts'
import { executorsOf, offersByHolder, usedBy, usedByAgent } from '../../master/model/holdings.ts'
import { isActive } from '../../master/state/master-state.ts'
import type { Framework, MasterAgent, MasterState } from '../../master/state/master-state.ts'
import { toTask } from '../../master/state/records.ts'
import { agentCapabilities } from '../../messages/agent-capabilities.ts'
import { rolesOf } from '../../messages/framework-info.ts'
import { mesosVersion } from '../../messages/version.ts'
import { toWireJson } from '../../messages/wire-json.ts'
import { toEndpointFormat } from '../../resources/quantities.ts'
import { toResources } from '../../resources/resources.ts'
import { jsonAgent, jsonExecutor, jsonOffer, jsonResources, jsonTask } from '../json-model.ts'
import { isSelected } from '../view-request.ts'

type Json = Record<string, unknown>

function jsonDrain({ drainInfo, drainStartedAt }: MasterAgent): Json {
  if (drainInfo === undefined) return {}
  return {
    drain_info: toWireJson('mesos.v1.DrainInfo', drainInfo),
    ...defined({ estimated_drain_start_time_seconds: drainStartedAt }),
  }
}

/** Describes agents with their used and offered resources, which are summed once for all agents. */
export function agentWriter(state: MasterState): (agent: MasterAgent) => Json {
  const used = usedByAgent(state)
  const { ofAgent } = offersByHolder(state)
  return (agent) => {
    const { info, url } = agent.link
    const total = toResources(agent.total)
    return {
      ...jsonAgent(info),
      pid: `slave(1)@${url.address.ip}:${url.address.port}`,
      registered_time: agent.registeredAt,
      resources: jsonResources(total),
      used_resources: jsonResources(used.get(agent.id)),
      offered_resources: jsonResources(resourcesOf(ofAgent.get(agent.id))),
      reserved_resources: byReservation(total, jsonResources),
      unreserved_resources: jsonResources(total.filter((each) => roleOf(each) === undefined)),
      active: isActive(agent),
      deactivated: agent.isDeactivated,
      ...jsonDrain(agent),
      version: mesosVersion,
      capabilities: agentCapabilities.map(({ type }) => type),
    }
  }
}

export function describeAgents(state: MasterState, query: URLSearchParams): Json {
  const describe = agentWriter(state)
  const used = usedByAgent(state)
  const { ofAgent } = offersByHolder(state)
  const chosen = [...state.agents.values()].filter(({ id }) => isSelected(query, 'slave_id', id))
  return {
    slaves: chosen.map((agent) => {
      const total = toResources(agent.total)
      const unreserved = total.filter((each) => roleOf(each) === undefined)
      return {
        ...describe(agent),
        reserved_resources_full: byReservation(total, fullResources),
        unreserved_resources_full: fullResources(unreserved),
        used_resources_full: fullResources(used.get(agent.id) ?? []),
        offered_resources_full: fullResources(resourcesOf(ofAgent.get(agent.id))),
      }
    }),
    recovered_slaves: [...state.recoveredAgents.values()].map(jsonAgent),
  }
}

export function fullResources(resources: readonly Resource[]): unknown[] {
  return toEndpointFormat(resources).map((each) => toWireJson('mesos.v1.Resource', each))
}

export function resourcesOf(offers: readonly Offer[] = []): Resource[] {
  return offers.flatMap(({ resources }) => resources ?? [])
}

/** The role of a resource's reservation. */
export function roleOf({ reservations = [], role }: Resource): string | undefined {
  return reservations.at(-1)?.role ?? (role === '*' ? undefined : role)
}

export function byReservation(
  resources: readonly Resource[],
  describe: (resources: readonly Resource[]) => unknown,
): Json {
  const roles = new Set(resources.map(roleOf).filter((role) => role !== undefined))
  return Object.fromEntries(
    [...roles].map((role) => [role, describe(resources.filter((each) => roleOf(each) === role))]),
  )
}

export function describeFrameworks(state: MasterState, query: URLSearchParams): Json {
  const { ofFramework } = offersByHolder(state)
  const isChosen = ({ id }: Framework): boolean => isSelected(query, 'framework_id', id)
  return {
    frameworks: [...state.frameworks.values()]
      .filter(isChosen)
      .map((framework) => describeFramework(framework, ofFramework.get(framework.id))),
    completed_frameworks: state.completedFrameworks
      .filter(isChosen)
      .map((framework) => describeFramework(framework)),
    unregistered_frameworks: [],
  }
}

export function summariseFramework(framework: Framework, offers: readonly Offer[] = []): Json {
  const { id, info, isRecovered, stream } = framework
  return {
    id,
    name: info.name,
    used_resources: jsonResources(usedBy(framework)),
    offered_resources: jsonResources(resourcesOf(offers)),
    capabilities: (info.capabilities ?? []).map(({ type }) => type),
    hostname: info.hostname ?? '',
    webui_url: info.webuiUrl ?? '',
    active: stream !== undefined,
    connected: stream !== undefined,
    recovered: isRecovered,
  }
}

function describeFramework(framework: Framework, offers: readonly Offer[] = []): Json {
  const { info, registeredAt, reregisteredAt } = framework
  const isMultiRole = (info.capabilities ?? []).some(({ type }) => type === 'MULTI_ROLE')
  return {
    ...summariseFramework(framework, offers),
    user: info.user,
    failover_timeout: info.failoverTimeout ?? 0,
    checkpoint: info.checkpoint ?? false,
    registered_time: registeredAt,
    unregistered_time: framework.unregisteredAt ?? 0,
    ...defined({ principal: info.principal }),
    resources: jsonResources([...usedBy(framework), ...resourcesOf(offers)]),
    ...(registeredAt === reregisteredAt ? {} : { reregistered_time: reregisteredAt }),
    ...(isMultiRole ? { roles: rolesOf(info) } : { role: info.role ?? '*' }),
    tasks: [...framework.tasks.values()].map((task) => jsonTask(toTask(framework, task))),
    unreachable_tasks: [...framework.unreachableTasks.values()].map((task) =>
      jsonTask(toTask(framework, task)),
    ),
    completed_tasks: framework.completedTasks.map(jsonTask),
    offers: offers.map(jsonOffer),
    executors: executorsOf(framework).map(({ agentId, info: executor }) => ({
      ...jsonExecutor(executor),
      slave_id: agentId,
    })),
    ...defined({ labels: info.labels && (info.labels.labels ?? []) }),
    offer_constraints: toWireJson(
      'mesos.v1.scheduler.OfferConstraints',
      framework.offerConstraints ?? {},
    ),
  }
}
