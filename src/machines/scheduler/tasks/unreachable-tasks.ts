/** Names the tasks that wait for agents which Mesos cannot reach: nothing else is heard of them until an agent is back. */
import { defined } from '../../../defined.ts'
import { tasksOf } from './table/task-table.ts'
import type { TaskRow } from './table/task-row.ts'
import type { TaskTable } from './table/task-table.ts'

export interface TasksUnreachable {
  readonly type: 'tasks.unreachable'
  readonly agentId: string
  readonly hostname?: string
  readonly count: number
  /** The first few. */
  readonly taskIds: readonly string[]
  /** True when some of them have no `unreachableMs`: they wait for ever. */
  readonly isUnlimited: boolean
}

const maxNamedTasks = 10

/** A fact per agent, or about this one alone. */
export function unreachableFacts(tasks: TaskTable, agentId?: string): readonly TasksUnreachable[] {
  const byAgent = new Map<string, TaskRow[]>()
  for (const row of tasksOf(tasks)) {
    if (row.state !== 'unreachable' || row.agentId === undefined) continue
    if (agentId !== undefined && agentId !== row.agentId) continue
    const rows = byAgent.get(row.agentId) ?? []
    rows.push(row)
    byAgent.set(row.agentId, rows)
  }
  return [...byAgent].toSorted(byName).map(([id, rows]) => factOf(id, rows))
}

function factOf(agentId: string, rows: readonly TaskRow[]): TasksUnreachable {
  const hostname = rows[0]?.hostname
  return {
    type: 'tasks.unreachable',
    agentId,
    ...defined({ hostname }),
    count: rows.length,
    taskIds: rows
      .map(({ request }) => request.id)
      .toSorted()
      .slice(0, maxNamedTasks),
    isUnlimited: rows.some(({ request }) => request.unreachableMs === undefined),
  }
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}
