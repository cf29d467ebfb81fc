/** What the last state of a replay holds, in numbers. */
import type { AnyStateMachine } from 'xstate'
import { executorMachine } from '../../machines/executor/executor.ts'
import type { ExecutorSnapshot } from '../../machines/executor/executor.ts'
import { outcomesOf, taskTableOf } from '../../machines/scheduler/components.ts'
import { schedulerMachine } from '../../machines/scheduler/scheduler.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import { tasksOf } from '../../machines/scheduler/tasks/table/task-table.ts'
import { count, shorten } from '../output/printable.ts'

const maxContext = 500

/**
 * Counts what a state holds: `tasks` by their state, `outcomes` of ended tasks. Of a machine that is
 * not jarcast's, its `context`.
 */
export function tallyOf(
  machine: AnyStateMachine,
  snapshot: unknown,
): Readonly<Record<string, unknown>> {
  if (machine === schedulerMachine) {
    const scheduler = snapshot as SchedulerSnapshot
    const states = [...tasksOf(taskTableOf(scheduler))].map(({ state }) => state)
    return { tasks: countEach(states), outcomes: outcomesOf(scheduler).size }
  }
  if (machine !== executorMachine)
    return { context: (snapshot as { readonly context: unknown }).context }
  const { runs, updates } = (snapshot as ExecutorSnapshot).context
  return { tasks: countEach(Object.values(runs)), updates: updates.length }
}

/** `3 tasks under way: 1 pending, 2 running; 5 outcomes`. */
export function tallyText({ tasks, context, ...others }: ReturnType<typeof tallyOf>): string {
  if (tasks === undefined) return `context ${shorten(JSON.stringify(context), maxContext)}`
  const states = Object.entries(tasks as Record<string, number>)
  const sum = states.reduce((total, [, amount]) => total + amount, 0)
  const byState = states.map(([state, amount]) => `${amount} ${state}`).join(', ')
  return [
    `${count(sum, 'task')} under way${byState === '' ? '' : `: ${byState}`}`,
    ...Object.entries(others).map(([name, amount]) => `${String(amount)} ${name}`),
  ].join('; ')
}

function countEach(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return Object.fromEntries([...counts].toSorted(([one], [other]) => (one < other ? -1 : 1)))
}
