import { prefetchedHost } from '../../framework/requests/prefetch.ts'

/** What people call a task: `task sum`; `prefetch on east` for one that only brings libraries. */
export function taskLabel(taskId: string): string {
  const host = prefetchedHost(taskId)
  return host === undefined ? `task ${taskId}` : `prefetch on ${host}`
}

/** The same where all are tasks, as in a table. */
export function shortTaskLabel(taskId: string): string {
  return prefetchedHost(taskId) === undefined ? taskId : taskLabel(taskId)
}
