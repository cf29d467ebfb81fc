/**
 * The metrics of an agent: `/metrics/snapshot` and GET_METRICS.
 * Source: apache/mesos docs/monitoring.md.
 */
import type { Agent } from '../../agent/agent.ts'
import { quantitiesOf } from '../../resources/quantities.ts'
import { nowSeconds } from '../../time/now.ts'
import { heldBy } from './model.ts'

export function measureAgent({ info, startedAt, state }: Agent): Record<string, number> {
  const runs = [...state.frameworks.values()].flatMap((each) => [...each.runs.values()])
  const count = (isCounted: (run: (typeof runs)[number]) => boolean): number =>
    runs.filter(isCounted).length
  const records = runs.flatMap((run) => [...run.records.values()])
  const tasks = Object.fromEntries(
    ['STAGING', 'STARTING', 'RUNNING', 'KILLING'].map((name) => [
      `slave/tasks_${name.toLowerCase()}`,
      records.filter((record) => record.state === `TASK_${name}`).length,
    ]),
  )
  return {
    'slave/registered': 1,
    'slave/uptime_secs': nowSeconds() - startedAt,
    'slave/frameworks_active': state.frameworks.size,
    'slave/executors_registering': count((run) => run.state === 'REGISTERING'),
    'slave/executors_running': count((run) => run.state === 'RUNNING'),
    'slave/executors_terminating': count((run) => run.state === 'TERMINATING'),
    ...tasks,
    ...measureResources(info.resources ?? [], runs.flatMap(heldBy)),
  }
}

function measureResources(
  total: Parameters<typeof quantitiesOf>[0],
  used: Parameters<typeof quantitiesOf>[0],
): Record<string, number> {
  const amountOf = (resources: typeof total, name: string): number =>
    quantitiesOf(resources).find((each) => each.name === name)?.scalar?.value ?? 0
  return Object.fromEntries(
    ['cpus', 'gpus', 'mem', 'disk'].flatMap((name) => [
      [`slave/${name}_total`, amountOf(total, name)],
      [`slave/${name}_used`, amountOf(used, name)],
    ]),
  )
}
