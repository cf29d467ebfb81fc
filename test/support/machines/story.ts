/** Where a scheduler is in the story: registered → jar server started → offers → launch. */
import type { SchedulerSnapshot } from '../../../src/machines/scheduler/scheduler.ts'

export function storyOf({ value, children }: SchedulerSnapshot): unknown {
  if (typeof value === 'string' || !('active' in value)) return value
  if (children.connection?.getSnapshot().matches('subscribed') !== true) return 'disconnected'
  if (children.delivery?.getSnapshot().matches('starting') === true) return 'startingJarServer'
  if (value.active === 'draining') return 'draining'
  return { offers: leafOf(children.offers?.getSnapshot().value) }
}

function leafOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? leafOf(Object.values(value)[0]) : value
}

export function heldOf({ children }: SchedulerSnapshot) {
  return children.offers?.getSnapshot().context.held
}

export function operationTableOf({ children }: SchedulerSnapshot) {
  return children.operations?.getSnapshot().context.table
}
