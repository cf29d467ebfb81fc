/** The cluster as the scheduler knows it at a moment: agents, tasks, held offers. */
import { defined } from '../../defined.ts'
import { entriesOf } from '../../domain/persistent-map.ts'
import { findTaskEnd } from '../../domain/tasks/ends/task-ends.ts'
import type { AgentAt, ClusterAt, OfferAt, TaskAt } from '../../inspector/protocol/lens-views.ts'
import { offersOf, outcomesOf, taskTableOf } from '../../machines/scheduler/components.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import { tasksOf } from '../../machines/scheduler/tasks/table/task-table.ts'
import type { TaskRow } from '../../machines/scheduler/tasks/table/task-row.ts'
import type { TaskFact } from '../../machines/scheduler/tasks/task-fact.ts'
import type { Offer, Resource } from '../../mesos/types.generated.ts'

const maxTasks = 5000
const maxOffers = 5000

export function clusterAt(snapshot: SchedulerSnapshot): ClusterAt {
  const rows = [...tasksOf(taskTableOf(snapshot))]
  const ended = Array.from(entriesOf(outcomesOf(snapshot)), ([id, fact]) => endedTask(id, fact))
  const offers = offersOf(snapshot)
  const tasks = [...rows.map(livingTask), ...ended]
  return {
    agents: agentsOf(rows, offers),
    tasks: tasks.slice(0, maxTasks),
    counts: countBy(tasks),
    offers: offers.slice(0, maxOffers).map(offerAt),
  }
}

function livingTask(row: TaskRow): TaskAt {
  const { request, state, agentId, executorId } = row
  return {
    id: request.id,
    name: request.name ?? request.id,
    state,
    ...defined({ agent: agentId, executor: executorId }),
    isEnd: false,
    isFailure: false,
  }
}

function endedTask(id: string, { status, code, message }: TaskFact): TaskAt {
  const state = status?.state ?? code ?? 'ended'
  const text = message ?? status?.message ?? (status && findTaskEnd(status)?.text)
  return {
    id,
    name: id,
    state,
    ...defined({ agent: status?.agentId?.value, message: text }),
    isEnd: true,
    isFailure: state !== 'TASK_FINISHED',
  }
}

/** Agents with tasks or offers: the scheduler knows no others. */
function agentsOf(rows: readonly TaskRow[], offers: readonly Offer[]): readonly AgentAt[] {
  const agents = new Map<string, { host: string; away: boolean; executors: Map<string, number> }>()
  const at = (id: string, host = id) => {
    const known = agents.get(id) ?? { host, away: false, executors: new Map<string, number>() }
    agents.set(id, known)
    return known
  }
  for (const { agentId, hostname, ...row } of rows) {
    if (agentId === undefined) continue
    const agent = at(agentId, hostname)
    if (row.state === 'unreachable') agent.away = true
    const executor = row.executorId ?? row.request.id
    agent.executors.set(executor, (agent.executors.get(executor) ?? 0) + 1)
  }
  for (const { agentId, hostname } of offers) at(agentId.value, hostname)
  return Array.from(agents, ([id, { host, away, executors }]) => ({
    id,
    host,
    isReachable: !away,
    executors: Array.from(executors, ([executor, tasks]) => ({ id: executor, tasks })),
  })).toSorted((one, other) => (one.host < other.host ? -1 : 1))
}

function countBy(tasks: readonly TaskAt[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { state } of tasks) counts[state] = (counts[state] ?? 0) + 1
  return counts
}

function offerAt({ id, agentId, hostname, resources = [] }: Offer): OfferAt {
  return {
    id: id.value,
    agent: agentId.value,
    host: hostname,
    resources: resources.map(resourceText).join(', '),
  }
}

function resourceText(resource: Resource): string {
  const { name } = resource
  if (resource.type === 'SCALAR') return `${name} ${resource.scalar?.value ?? 0}`
  return name
}
