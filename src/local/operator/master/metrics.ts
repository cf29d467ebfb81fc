/**
 * The metrics of the master: those of Mesos' that apply here, for `/metrics/snapshot` and
 * GET_METRICS.
 * Source: apache/mesos docs/monitoring.md.
 */
import type { Resource, TaskState } from '../../../mesos/types.generated.ts'
import type { Master } from '../../master/master.ts'
import { usedByAgent } from '../../master/model/holdings.ts'
import type { MasterState } from '../../master/state/master-state.ts'
import { toResources } from '../../resources/resources.ts'
import { sumResources } from '../../resources/sum-resources.ts'
import { nowSeconds } from '../../time/now.ts'

const liveStates: readonly TaskState[] = [
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_UNREACHABLE',
]
const endedStates: readonly TaskState[] = [
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_LOST',
  'TASK_ERROR',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
]

export function measureMaster(master: Master): Record<string, number> {
  const { isElected, startedAt, state, subscribers } = master
  return {
    'master/elected': isElected ? 1 : 0,
    'master/uptime_secs': nowSeconds() - startedAt,
    ...measureAgents(state),
    ...measureFrameworks(state),
    ...measureTraffic(state),
    'master/outstanding_offers': state.offers.size,
    'master/operator_event_stream_subscribers': subscribers.count(),
    ...measureTasks(state),
    ...measureResources(state),
  }
}

function measureAgents({ agents, registrar }: MasterState): Record<string, number> {
  const connected = [...agents.values()].filter(({ isConnected }) => isConnected).length
  return {
    'master/slaves_active': connected,
    'master/slaves_inactive': agents.size - connected,
    'master/slaves_connected': connected,
    'master/slaves_disconnected': agents.size - connected,
    'master/slaves_unreachable': registrar.unreachable.size,
  }
}

function measureFrameworks({ frameworks }: MasterState): Record<string, number> {
  const connected = [...frameworks.values()].filter(({ stream }) => stream !== undefined).length
  return {
    'master/frameworks_active': connected,
    'master/frameworks_inactive': frameworks.size - connected,
    'master/frameworks_connected': connected,
    'master/frameworks_disconnected': frameworks.size - connected,
  }
}

/** Of every framework that is known; only types that occurred. */
function measureTraffic(state: MasterState): Record<string, number> {
  const metrics: Record<string, number> = {}
  for (const { id, info, traffic } of [
    ...state.completedFrameworks,
    ...state.frameworks.values(),
  ]) {
    const prefix = `master/frameworks/${encodeURIComponent(info.name)}/${id}`
    for (const kind of ['calls', 'events'] as const) {
      let all = 0
      for (const [type, count] of traffic[kind]) {
        metrics[`${prefix}/${kind}/${type.toLowerCase()}`] = count
        all += count
      }
      metrics[`${prefix}/${kind}`] = all
    }
    for (const [name, count] of Object.entries(traffic.offers))
      metrics[`${prefix}/offers/${name}`] = count
  }
  return metrics
}

function measureTasks({ endedTasks, frameworks }: MasterState): Record<string, number> {
  const live = new Map<TaskState, number>()
  for (const { tasks } of frameworks.values()) {
    for (const { state } of tasks.values()) live.set(state, (live.get(state) ?? 0) + 1)
  }
  return Object.fromEntries([
    ...liveStates.map((state) => [nameOf(state), live.get(state) ?? 0]),
    ...endedStates.map((state) => [nameOf(state), endedTasks.get(state) ?? 0]),
  ])
}

function nameOf(state: TaskState): string {
  return `master/${state.replace('TASK_', 'tasks_').toLowerCase()}`
}

function measureResources(master: MasterState): Record<string, number> {
  const totals = [...master.agents.values()].flatMap(({ total }) => toResources(total))
  const used = [...usedByAgent(master).values()].flat()
  return Object.fromEntries(
    ['cpus', 'gpus', 'mem', 'disk'].flatMap((name) => {
      const total = amountOf(totals, name)
      const inUse = amountOf(used, name)
      return [
        [`master/${name}_total`, total],
        [`master/${name}_used`, inUse],
        [`master/${name}_percent`, total === 0 ? 0 : inUse / total],
      ]
    }),
  )
}

function amountOf(resources: readonly Resource[], name: string): number {
  const scalars = resources.flatMap((each): Resource[] =>
    each.name === name && each.scalar !== undefined
      ? [{ name, type: 'SCALAR', scalar: each.scalar }]
      : [],
  )
  return sumResources(scalars)[0]?.scalar?.value ?? 0
}
