import type { TaskRequest } from '../domain/tasks/task-request.ts'
import type { FrameworkFact } from './facts/events.ts'
import type { Lifecycle } from './lifecycle.ts'

/**
 * Submits tasks, and starts the framework if needed. A task that the journal has the outcome of is
 * not submitted again: its `task.ended` is published.
 */
export async function submitTasks(
  life: Pick<Lifecycle, 'open' | 'ready'>,
  publish: (fact: FrameworkFact) => void,
  requests: readonly TaskRequest[],
): Promise<void> {
  const { lastFactOf } = await life.open()
  const open: TaskRequest[] = []
  for (const request of requests) {
    const known = lastFactOf(request.id)
    if (known?.type === 'task.ended') publish(known)
    else open.push(request)
  }
  if (open.length === 0) return
  const { runtime } = await life.ready()
  runtime.dispatch({ type: 'task.submit', requests: open })
}
