/** The events that answer the effects of the scheduler's machines. */
import { makeAnswers } from '../../effects/answer.ts'
import type { Answer, AnswersTo } from '../../effects/answer.ts'
import type { Platform } from '../../domain/runtimes/platforms.ts'
import { isTerminal } from '../../mesos/states.ts'
import type {
  OfferOperation,
  SchedulerCall,
  SchedulerCallReconcile,
  TaskID,
} from '../../mesos/types.generated.ts'
import type { CallFailed } from '../scheduler/connection/events.ts'
import { launchIdsOf } from '../scheduler/offers/launch.ts'
import type { schedulerMachine } from '../scheduler/scheduler.ts'

type AcceptCall = Extract<SchedulerCall, { readonly type: 'ACCEPT' }>

const { done, failed } = makeAnswers<typeof schedulerMachine>()

const refused: Answer<SchedulerCall> = failed(
  'call.failed',
  'of such a call',
  (call: SchedulerCall, event) => event.call === call.type,
)

/** By kind, `fx.call` with the type of its call. Mesos answers most calls only if it refuses them. */
export const schedulerAnswers: AnswersTo<typeof schedulerMachine> = {
  'fx.subscribe': [done('mesos.subscribed'), failed('connection.lost'), failed('mesos.error')],
  'fx.close': [done('framework.closed')],
  'fx.startJarServer': [done('jarServer.started'), failed('jarServer.failed')],
  'fx.stopJarServer': [done('jarServer.stopped')],
  'fx.prepareRuntime': [
    done('runtime.prepared', 'for the platform', isOfPlatform),
    failed('runtime.failed', 'for the platform', isOfPlatform),
  ],
  'fx.releaseSets': [],
  'fx.call ACCEPT': [
    done('mesos.update', 'of a task launched', ({ accept }, { status }) =>
      launchIdsOf(accept.operations ?? []).includes(status.taskId.value),
    ),
    done('mesos.operation', 'of an operation in it', ({ accept }, { status }) =>
      operationIdsOf(accept.operations).includes(status.operationId?.value ?? ''),
    ),
    failed('call.failed', 'of this ACCEPT', isOfAccept),
  ],
  'fx.call KILL': [
    done('mesos.update', 'with the end of the task', ({ kill }, { status }) => {
      return status.taskId.value === kill.taskId.value && isTerminal(status.state)
    }),
    refused,
  ],
  'fx.call RECONCILE': [
    done(
      'mesos.update',
      'with REASON_RECONCILIATION, of a task asked for',
      ({ reconcile }, { status }) =>
        status.reason === 'REASON_RECONCILIATION' && isAskedFor(reconcile, status.taskId),
    ),
    refused,
  ],
  'fx.call RECONCILE_OPERATIONS': [
    done('mesos.operation', 'of an operation asked for', (call, { status }) => {
      const asked = call.reconcileOperations.operations ?? []
      return asked.some(({ operationId }) => operationId.value === status.operationId?.value)
    }),
    refused,
  ],
  'fx.call REQUEST': [done('mesos.offers'), refused],
  'fx.call REVIVE': [done('mesos.offers'), refused],
  'fx.call SHUTDOWN': [
    done('mesos.failure', 'of the executor', ({ shutdown }, event) => {
      return event.executorId?.value === shutdown.executorId.value
    }),
    refused,
  ],
  'fx.call UPDATE_FRAMEWORK': [done('framework.updated'), refused],
  'fx.call ACCEPT_INVERSE_OFFERS': [refused],
  'fx.call DECLINE_INVERSE_OFFERS': [refused],
  'fx.call ACKNOWLEDGE': [refused],
  'fx.call ACKNOWLEDGE_OPERATION_STATUS': [refused],
  'fx.call DECLINE': [refused],
  'fx.call MESSAGE': [refused],
  'fx.call SUPPRESS': [refused],
  // Sent by `fx.subscribe` and `fx.close`.
  'fx.call SUBSCRIBE': [],
  'fx.call TEARDOWN': [],
  'fx.call UNKNOWN': [],
}

/** An ACCEPT that failed is known by its offers, launches or operations. */
function isOfAccept({ accept }: AcceptCall, failure: CallFailed): boolean {
  const offerIds = accept.offerIds?.map(({ value }) => value)
  return (
    failure.call === 'ACCEPT' &&
    (shareAny(launchIdsOf(accept.operations ?? []), failure.launchIds) ||
      shareAny(operationIdsOf(accept.operations), failure.operationIds) ||
      shareAny(offerIds, failure.offerIds))
  )
}

function shareAny(ones: readonly string[] = [], others: readonly string[] = []): boolean {
  return ones.some((one) => others.includes(one))
}

/** An implicit reconciliation names no task: it asks for all. */
function isAskedFor({ tasks = [] }: SchedulerCallReconcile, id: TaskID): boolean {
  return tasks.length === 0 || tasks.some(({ taskId }) => taskId.value === id.value)
}

function operationIdsOf(operations: readonly OfferOperation[] = []): readonly string[] {
  return operations.flatMap(({ id }) => id?.value ?? [])
}

function isOfPlatform(
  { platform }: { readonly platform: Platform },
  event: { readonly platform: Platform },
): boolean {
  return platform === event.platform
}
