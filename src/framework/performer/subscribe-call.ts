import { defined } from '../../defined.ts'
import type { SubscribeParams } from '../../machines/scheduler/connection/connection.ts'
import { subscribe } from '../../mesos/scheduler-calls.ts'
import type { SchedulerCall } from '../../mesos/types.generated.ts'

/** SUBSCRIBE with the framework id, if the framework has one already. */
export function subscribeCall({
  framework,
  frameworkId,
  offerConstraints,
}: SubscribeParams): SchedulerCall {
  return subscribe(
    frameworkId === undefined ? framework : { ...framework, id: { value: frameworkId } },
    defined({ offerConstraints }),
  )
}
