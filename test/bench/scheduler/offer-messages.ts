/** What a benchmark's master says about offers and tasks, and hears. */
import type { Offer, SchedulerCall, SchedulerEvent } from '../../../src/mesos/types.generated.ts'

let offerCount = 0

/** The same offers with ids that no others have. */
export function freshOf(offers: readonly Offer[]): SchedulerEvent {
  const fresh = offers.map((offer) => ({ ...offer, id: { value: `o${offerCount++}` } }))
  return { type: 'OFFERS', offers: { offers: fresh } }
}

/** The tasks that a call launches. */
export function taskIdsOf(call: SchedulerCall): string[] {
  if (call.type !== 'ACCEPT') return []
  return (call.accept.operations ?? []).flatMap((operation) =>
    operation.type === 'LAUNCH'
      ? (operation.launch.taskInfos ?? []).map(({ taskId }) => taskId.value)
      : [],
  )
}

/** The end of a task that was launched on an offer. */
export function finished(taskId: string, { agentId }: Offer): SchedulerEvent {
  const uuid = Buffer.alloc(16, taskId).toString('base64')
  return {
    type: 'UPDATE',
    update: { status: { taskId: { value: taskId }, agentId, state: 'TASK_FINISHED', uuid } },
  }
}
