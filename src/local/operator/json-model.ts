/**
 * The JSON of `/state` and similar pages: older and flatter than the operator API.
 * Source: apache/mesos src/common/http.cpp (json overloads).
 */
import { defined } from '../../defined.ts'
import type {
  AgentInfo,
  CommandInfo,
  ContainerStatus,
  ExecutorInfo,
  Offer,
  Resource,
  Task,
  TaskStatus,
} from '../../mesos/types.generated.ts'
import { toWireJson } from '../messages/wire-json.ts'
import { addScalars, mergeRanges } from '../resources/sum-resources.ts'

type Json = Record<string, unknown>

/** Scalars by name, common ones always; ranges as `[1-2, 4-5]`, sets as `{a, b}`. */
export function jsonResources(resources: readonly Resource[] | undefined): Json {
  const scalars: Record<string, number> = { disk: 0, mem: 0, gpus: 0, cpus: 0 }
  const ranges: Record<string, Resource['ranges']> = {}
  const sets: Record<string, readonly string[]> = {}
  for (const resource of resources ?? []) {
    const name = `${resource.name}${resource.revocable === undefined ? '' : '_revocable'}`
    if (resource.scalar !== undefined) {
      scalars[name] = addScalars(scalars[name] ?? 0, resource.scalar.value)
    } else if (resource.ranges !== undefined) {
      const range = mergeRanges([...(ranges[name]?.range ?? []), ...(resource.ranges.range ?? [])])
      ranges[name] = { range }
    } else if (resource.set !== undefined) {
      sets[name] = [...new Set([...(sets[name] ?? []), ...(resource.set.item ?? [])])]
    }
  }
  return {
    ...scalars,
    ...mapValues(ranges, (value) => {
      return `[${(value?.range ?? []).map(({ begin, end }) => `${begin}-${end}`).join(', ')}]`
    }),
    ...mapValues(sets, (items) => `{${items.join(', ')}}`),
  }
}

/** Scalars alone, as roles show them. */
export function jsonQuantities(resources: readonly Resource[]): Json {
  return Object.fromEntries(resources.map(({ name, scalar }) => [name, scalar?.value ?? 0]))
}

export function jsonTask(task: Task): Json {
  const { container, discovery, healthCheck, labels, limits, user } = task
  return {
    id: task.taskId.value,
    name: task.name,
    framework_id: task.frameworkId.value,
    executor_id: task.executorId?.value ?? '',
    slave_id: task.agentId.value,
    state: task.state,
    resources: jsonResources(task.resources),
    ...defined({
      limits:
        limits && mapValues(limits as Record<string, { value: number }>, ({ value }) => value),
    }),
    role: task.resources?.[0]?.allocationInfo?.role ?? '*',
    statuses: (task.statuses ?? []).map(jsonStatus),
    ...defined({
      user,
      labels: labels && (labels.labels ?? []),
      discovery: discovery && toWireJson('mesos.v1.DiscoveryInfo', discovery),
      container: container && toWireJson('mesos.v1.ContainerInfo', container),
      health_check: healthCheck && toWireJson('mesos.v1.HealthCheck', healthCheck),
    }),
  }
}

function jsonStatus(status: TaskStatus): Json {
  const { containerStatus, healthy, labels, state, timestamp } = status
  return {
    state,
    timestamp: timestamp ?? 0,
    ...defined({
      labels: labels && (labels.labels ?? []),
      container_status: containerStatus && jsonContainerStatus(containerStatus),
      healthy,
    }),
  }
}

/** Without the pid of the executor. */
function jsonContainerStatus(status: ContainerStatus): unknown {
  const { executorPid: _pid, ...shown } = status
  return toWireJson('mesos.v1.ContainerStatus', shown)
}

export function jsonExecutor(executor: ExecutorInfo): Json {
  const { command, executorId, frameworkId, labels, name = '', resources = [], type } = executor
  return {
    executor_id: executorId.value,
    name,
    framework_id: frameworkId?.value ?? '',
    command: jsonCommand(command ?? {}),
    resources: jsonResources(resources),
    ...(resources.length === 0 ? {} : { role: resources[0]?.allocationInfo?.role ?? '*' }),
    ...defined({ labels: labels && (labels.labels ?? []), type }),
  }
}

function jsonCommand(command: CommandInfo): Json {
  const { arguments: argv = [], environment, shell, uris = [], value } = command
  return {
    ...defined({ shell, value }),
    argv,
    ...defined({ environment: environment && toWireJson('mesos.v1.Environment', environment) }),
    uris: uris.map((uri) => ({ value: uri.value, executable: uri.executable ?? false })),
  }
}

export function jsonAgent({ attributes = [], hostname, id, port }: AgentInfo): Json {
  return {
    id: id?.value ?? '',
    hostname,
    port: port ?? 0,
    attributes: Object.fromEntries(
      attributes.map(({ name, ranges, scalar, set, text }) => {
        if (text !== undefined) return [name, text.value]
        if (scalar !== undefined) return [name, scalar.value]
        if (set !== undefined) return [name, `{${(set.item ?? []).join(', ')}}`]
        const shown = (ranges?.range ?? []).map(({ begin, end }) => `${begin}-${end}`)
        return [name, `[${shown.join(', ')}]`]
      }),
    ),
  }
}

export function jsonOffer({ agentId, allocationInfo, frameworkId, id, resources }: Offer): Json {
  return {
    id: id.value,
    framework_id: frameworkId.value,
    allocation_info: allocationInfo ?? {},
    slave_id: agentId.value,
    resources: jsonResources(resources),
  }
}

function mapValues<Value>(
  values: Readonly<Record<string, Value>>,
  map: (value: Value) => unknown,
): Json {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]))
}
