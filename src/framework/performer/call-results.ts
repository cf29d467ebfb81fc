/** The results of calls as events for the scheduler machine. */
import { defined } from '../../defined.ts'
import { launchIdsOf } from '../../machines/scheduler/offers/launch.ts'
import type { JarcastError } from '../../errors.ts'
import type { CallFailed } from '../../machines/scheduler/connection/events.ts'
import type { SchedulerInboxEvent } from '../../machines/scheduler/events.ts'
import type { OfferOperation, SchedulerCall } from '../../mesos/types.generated.ts'

/** The event for a call that the master accepted; undefined for most. */
export function acceptedEvent(call: SchedulerCall): SchedulerInboxEvent | undefined {
  if (call.type !== 'UPDATE_FRAMEWORK') return undefined
  const { frameworkInfo, offerConstraints } = call.updateFramework
  const { id: _id, ...framework } = frameworkInfo
  return {
    type: 'framework.updated',
    description: { framework, ...defined({ offerConstraints }) },
  }
}

/** The event for a call that failed; undefined if it is not to be reported. */
export function failedEvent(call: SchedulerCall, error: JarcastError): CallFailed | undefined {
  if (isRenewed(call, error)) return undefined
  const { offerIds, operations = [] } = call.type === 'ACCEPT' ? call.accept : {}
  const operationIds = operationIdsOf(operations)
  return {
    type: 'call.failed',
    call: call.type,
    launchIds: launchIdsOf(operations),
    ...defined({
      offerIds: offerIds?.map(({ value }) => value),
      operationIds: operationIds.length === 0 ? undefined : operationIds,
    }),
    code: error.code,
    outcome: outcomeOf(error),
    message: error.message,
  }
}

/**
 * True if the subscription ended before the call, and the next subscription repeats the call or
 * makes it pointless. A refusal by the master has an HTTP status, and is reported.
 */
function isRenewed(call: SchedulerCall, { code, retryable, details }: JarcastError): boolean {
  const isOver = code === 'NOT_SUBSCRIBED' && retryable && details['status'] === undefined
  return isOver && renewedCalls.has(call.type)
}

/** Not ACCEPT, whose tasks may run; not MESSAGE, SHUTDOWN, REQUEST, which nothing repeats. */
const renewedCalls: ReadonlySet<SchedulerCall['type']> = new Set([
  // Mesos resends the update.
  'ACKNOWLEDGE',
  'ACKNOWLEDGE_OPERATION_STATUS',
  // The offers ended with the subscription.
  'DECLINE',
  'REVIVE',
  'SUPPRESS',
  'ACCEPT_INVERSE_OFFERS',
  'DECLINE_INVERSE_OFFERS',
  // The scheduler resends these once it is subscribed.
  'KILL',
  'RECONCILE',
  'RECONCILE_OPERATIONS',
  'UPDATE_FRAMEWORK',
] as const)

function outcomeOf({ retryable, details }: JarcastError): CallFailed['outcome'] {
  if (details['maybeTaken'] === true) return 'unknown'
  return retryable ? 'unsent' : 'refused'
}

function operationIdsOf(operations: readonly OfferOperation[]): readonly string[] {
  return operations.flatMap(({ id }) => id?.value ?? [])
}
