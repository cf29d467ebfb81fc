/** The tasks on agents that Mesos cannot reach: no updates come until an agent returns. */
import { defined } from '../../../defined.ts'
import { tasksOf } from './table/task-table.ts'
import type { TaskRow } from './table/task-row.ts'
import type { TaskTable } from './table/task-table.ts'

export interface TasksUnreachable {
  readonly type: 'tasks.unreachable'
  readonly agentId: string
  readonly hostname?: string
  readonly count: number
  /** Ids of the first tasks. */
  readonly taskIds: readonly string[]
  /** True if some of them have no `unreachableMs`: they wait without limit. */
  readonly isUnlimited: boolean
}

const maxNamedTasks = 10

/** One fact per agent, or only for `agentId`. */
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
