/**
 * `/state` of an agent. Source: apache/mesos src/slave/http.cpp (state, FrameworkWriter,
 * ExecutorWriter).
 */
import { defined } from '../../../defined.ts'
import type { AgentFramework } from '../../agent/agent-state.ts'
import type { Agent } from '../../agent/agent.ts'
import type { ExecutorRun } from '../../executors/executor-run.ts'
import { agentCapabilities } from '../../messages/agent-capabilities.ts'
import { rolesOf } from '../../messages/framework-info.ts'
import { versionInfo } from '../../messages/version.ts'
import { jsonAgent, jsonResources, jsonTask } from '../json-model.ts'
import { byReservation, fullResources, roleOf } from '../master/state-json.ts'
import { agentFlags } from './flags.ts'
import { heldBy, tasksOf } from './model.ts'

type Json = Record<string, unknown>

export function describeAgentState(agent: Agent, workDir: string): Json {
  const { info, state, url } = agent
  const total = info.resources ?? []
  const unreserved = total.filter((each) => roleOf(each) === undefined)
  const held = [...state.frameworks.values()].flatMap(({ runs }) =>
    [...runs.values()].flatMap(heldBy),
  )
  const { attributes, hostname, id } = jsonAgent(info)
  return {
    ...versionInfo,
    start_time: agent.startedAt,
    id,
    pid: `slave(1)@${url.address.ip}:${url.address.port}`,
    hostname,
    capabilities: agentCapabilities.map(({ type }) => type),
    resources: jsonResources(total),
    reserved_resources: byReservation(total, jsonResources),
    unreserved_resources: jsonResources(unreserved),
    reserved_resources_full: byReservation(total, fullResources),
    unreserved_resources_full: fullResources(unreserved),
    reserved_resources_allocated: byReservation(held, jsonResources),
    unreserved_resources_allocated: jsonResources(
      held.filter((each) => roleOf(each) === undefined),
    ),
    resource_providers: [],
    attributes,
    master_hostname: url.address.hostname,
    flags: agentFlags(agent, workDir),
    frameworks: [...state.frameworks.values()].map(describeFramework),
    completed_frameworks: [...state.completedFrameworks.values()].map(describeFramework),
  }
}

function describeFramework({ completedRuns, id, info, runs }: AgentFramework): Json {
  const isMultiRole = (info.capabilities ?? []).some(({ type }) => type === 'MULTI_ROLE')
  return {
    id,
    name: info.name,
    user: info.user,
    failover_timeout: info.failoverTimeout ?? 0,
    checkpoint: info.checkpoint ?? false,
    hostname: info.hostname ?? '',
    ...defined({ principal: info.principal }),
    ...(isMultiRole ? { roles: rolesOf(info) } : { role: info.role ?? '*' }),
    executors: [...runs.values()].map(describeExecutor),
    completed_executors: completedRuns.map(describeExecutor),
  }
}

function describeExecutor(run: ExecutorRun): Json {
  const { info } = run
  const { labels, resources = [], type } = info
  return {
    id: run.id,
    name: info.name ?? '',
    source: info.source ?? '',
    container: run.containerId,
    directory: run.directory,
    resources: jsonResources(run.state === 'TERMINATED' ? resources : heldBy(run)),
    ...(resources.length === 0 ? {} : { role: resources[0]?.allocationInfo?.role ?? '*' }),
    ...defined({ labels: labels && (labels.labels ?? []), type }),
    tasks: tasksOf(run, run.launchedTasks).map(jsonTask),
    queued_tasks: tasksOf(run, run.queuedTasks).map(jsonTask),
    completed_tasks: [...run.completedTasks, ...tasksOf(run, run.terminatedTasks)].map(jsonTask),
  }
}
