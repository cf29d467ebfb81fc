/**
 * What the master and agents show over GET: small, true, and without anything of a task's command or data.
 * Source: apache/mesos docs/endpoints.
 */
import type { Resource } from '../mesos/types.generated.ts'
import { rolesOf } from './framework-info.ts'
import { jsonAnswer, methodNotAllowed, type Answer } from './http.ts'
import type { AgentLink } from './links.ts'
import type { Master } from './master.ts'
import type { Framework, MasterTask } from './master-state.ts'
import { amountsOf } from './resources.ts'

/** The version whose APIs this cluster speaks; clients compare it. */
export const MESOS_VERSION = '1.12.0'

/** What `/version` tells. */
export const VERSION = { build_user: 'jarcast', version: MESOS_VERSION }

/** The answer to a request that is not a call; `path` without query. */
export function answerMasterView(master: Master, method: string | undefined, path: string): Answer {
  const { address } = master.info
  const isRead = method === 'GET' || method === 'HEAD'
  switch (path.replace(/^\/master(?=\/)/u, '')) {
    case '/version':
      return isRead ? jsonAnswer(VERSION) : methodNotAllowed(method)
    case '/health':
      return { status: 200 }
    case '/redirect':
      return { status: 307, headers: { Location: `//${address?.ip}:${address?.port}` } }
    case '/state':
      return jsonAnswer(describeMaster(master))
    case '/metrics/snapshot':
      return jsonAnswer(measureMaster(master))
    default:
      return { status: 404 }
  }
}

/** The same for an agent. */
export function answerAgentView(agent: AgentLink, path: string): Answer {
  switch (path.replace(/^\/slave\(1\)(?=\/)/u, '')) {
    case '/version':
      return jsonAnswer(VERSION)
    case '/health':
      return { status: 200 }
    case '/state':
      return jsonAnswer({ ...VERSION, ...describeAgent(agent) })
    default:
      return { status: 404 }
  }
}

function describeMaster(master: Master): unknown {
  const { hostname, id, pid } = master.info
  const { agents, frameworks } = master.state
  return {
    ...VERSION,
    id,
    pid,
    hostname,
    leader: pid,
    activated_slaves: agents.size,
    deactivated_slaves: 0,
    slaves: [...agents.values()].map(({ link }) => describeAgent(link)),
    frameworks: [...frameworks.values()].map(describeFramework),
    completed_frameworks: [],
    orphan_tasks: [],
  }
}

function measureMaster({ state }: Master): unknown {
  const tasks = [...state.frameworks.values()].flatMap((each) => [...each.tasks.values()])
  return {
    'master/elected': 1,
    'master/slaves_active': state.agents.size,
    'master/frameworks_active': [...state.frameworks.values()].filter(({ stream }) => stream)
      .length,
    'master/outstanding_offers': state.offers.size,
    'master/tasks_running': tasks.filter((task) => task.state === 'TASK_RUNNING').length,
  }
}

function describeAgent({ info, url }: AgentLink): Record<string, unknown> {
  return {
    id: info.id?.value,
    hostname: info.hostname,
    port: info.port,
    pid: `slave(1)@${url.address.ip}:${url.address.port}`,
    resources: describeResources(info.resources),
    attributes: Object.fromEntries(
      (info.attributes ?? []).map(({ name, text, scalar }) => [name, text?.value ?? scalar?.value]),
    ),
    active: true,
    version: MESOS_VERSION,
  }
}

function describeFramework(framework: Framework): unknown {
  const { info } = framework
  return {
    id: framework.id,
    name: info.name,
    user: info.user,
    roles: rolesOf(info),
    capabilities: (info.capabilities ?? []).map(({ type }) => type),
    checkpoint: info.checkpoint ?? false,
    failover_timeout: info.failoverTimeout ?? 0,
    hostname: info.hostname ?? '',
    webui_url: info.webuiUrl ?? '',
    active: framework.stream !== undefined,
    connected: framework.stream !== undefined,
    registered_time: framework.registeredAt,
    tasks: [...framework.tasks.values()].map((task) => describeTask(framework, task)),
    executors: [...framework.executors].flatMap(([agentId, executors]) =>
      [...executors.keys()].map((executorId) => ({ executor_id: executorId, slave_id: agentId })),
    ),
  }
}

function describeTask(framework: Framework, task: MasterTask): unknown {
  return {
    id: task.info.taskId.value,
    name: task.info.name,
    framework_id: framework.id,
    executor_id: task.executorId ?? '',
    slave_id: task.agentId,
    state: task.state,
    resources: describeResources(task.info.resources),
  }
}

function describeResources(resources: readonly Resource[] | undefined): Record<string, unknown> {
  const shown = [...amountsOf(resources)].map(([name, amount]) => {
    if (amount.kind === 'scalar') return [name, amount.milli / 1000]
    if (amount.kind === 'set') return [name, `{${amount.items.join(', ')}}`]
    return [name, `[${amount.ranges.map(({ begin, end }) => `${begin}-${end}`).join(', ')}]`]
  })
  return Object.fromEntries(shown)
}
