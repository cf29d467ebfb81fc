/** Tasks of the whole run, as they are at a moment. */
import type { ClusterAt, TaskAt, TaskSpans } from '../../../protocol/lens-views.ts'

export type Spans = TaskSpans['tasks'][number]

export interface TaskRow {
  readonly id: string
  readonly name: string
  readonly host: string
  readonly spans: Spans['spans']
  /** State at the moment; undefined for a task that is still to come. */
  readonly state: string | undefined
  readonly at: TaskAt | undefined
}

/** `now`: of the moment. The cluster names most states; the others are in the spans. */
export function taskRows(
  all: readonly Spans[],
  cluster: Pick<ClusterAt, 'tasks'> | undefined,
  now: number,
): readonly TaskRow[] {
  const byId = new Map(cluster?.tasks.map((task) => [task.id, task]))
  // A task that the cluster does not know yet may begin in the same millisecond.
  const before = cluster === undefined ? now : now - 1
  return all.map(({ id, name, host = '', spans }) => {
    const at = byId.get(id)
    return { id, name, host, spans, at, state: at?.state ?? stateAt(spans, before) }
  })
}

/** State of the last span that has begun. */
export function stateAt(spans: Spans['spans'], now: number): string | undefined {
  return spans.findLast(({ from }) => from <= now)?.state
}

export interface TaskFilter {
  readonly text: string
  /** Undefined: any. */
  readonly state: string | undefined
}

export function filterTasks(
  rows: readonly TaskRow[],
  { text, state }: TaskFilter,
): readonly TaskRow[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '' && state === undefined) return rows
  return rows.filter((row) => {
    if (state !== undefined && row.state !== state) return false
    if (wanted === '') return true
    return [row.id, row.name, row.host].some((part) => part.toLowerCase().includes(wanted))
  })
}
