/** Random inputs of the scheduler: in any order, duplicated, about tasks that it knows and tasks that it does not. */
import fc from 'fast-check'
import { createLibrarySet } from '../../../src/domain/libraries/library.ts'
import { reservedResources } from '../../../src/domain/tasks/operations.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import type { OperationState, TaskState } from '../../../src/mesos/types.generated.ts'
import { offer, status } from '../mesos/mesos-data.ts'

const taskId = fc.constantFrom('a', 'b', 'c', 'd', 'stranger', '__proto__', 'constructor')
const launchId = fc.oneof(
  taskId,
  fc.tuple(taskId, fc.integer({ min: 1, max: 4 })).map(([id, n]) => `${id}~${n}`),
)
const states: TaskState[] = [
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_LOST',
  'TASK_ERROR',
  'TASK_DROPPED',
  'TASK_UNREACHABLE',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
  'TASK_UNKNOWN',
]

const submit = fc
  .record({
    id: taskId,
    cpus: fc.constantFrom(0.5, 1, 99),
    maxAttempts: fc.integer({ min: 1, max: 3 }),
    role: fc.constantFrom(undefined, 'a', '__proto__'),
    unreachableMs: fc.constantFrom(undefined, 0, 500, 5000),
    waitTimeoutMs: fc.constantFrom(undefined, 1, 3000),
  })
  .map(({ id, cpus, maxAttempts, role, unreachableMs, waitTimeoutMs }) => ({
    type: 'task.submit' as const,
    requests: [
      {
        id,
        work: { kind: 'shell', command: 'true' } as const,
        resources: { cpus, memMb: 32 },
        retry: { maxAttempts },
        ...(role === undefined ? {} : { role }),
        ...(unreachableMs === undefined ? {} : { unreachableMs }),
        ...(waitTimeoutMs === undefined ? {} : { waitTimeoutMs }),
      },
    ],
  }))

const offers = fc
  .array(fc.tuple(fc.nat(20), fc.constantFrom('a1', 'a2'), fc.constantFrom(0.2, 2, 4)), {
    maxLength: 3,
  })
  .map((list) => ({
    type: 'mesos.offers' as const,
    offers: list.map(([number, agent, cpus]) => offer(`o${number}`, { agent, cpus })),
  }))

const update = fc
  .record({
    id: launchId,
    state: fc.constantFrom(...states),
    hasUuid: fc.boolean(),
    reason: fc.oneof(
      fc.constantFrom(undefined, 'REASON_RECONCILIATION' as const),
      fc.constantFrom(
        'REASON_AGENT_DRAINING' as const,
        'REASON_AGENT_REREGISTERED' as const,
        'REASON_EXECUTOR_TERMINATED' as const,
        'REASON_INVALID_OFFERS' as const,
      ),
    ),
    since: fc.constantFrom(1, 2),
  })
  .map(({ id, state, hasUuid, reason, since }) => ({
    type: 'mesos.update' as const,
    status: status(id, state, {
      agentId: { value: 'a1' },
      ...(reason === undefined ? {} : { reason }),
      ...(state === 'TASK_UNREACHABLE' ? { unreachableTime: { nanoseconds: since } } : {}),
      ...(hasUuid ? { uuid: 'AAAAAAAAAAAAAAAAAAAAAA==' } : {}),
    }),
  }))

const operationId = fc.constantFrom('v', 'w', 'stranger', '__proto__')
const sentOperationId = fc.oneof(
  operationId,
  fc.tuple(operationId, fc.integer({ min: 1, max: 8 })).map(([id, n]) => `${id}~${n}`),
)
const operationStates: OperationState[] = [
  'OPERATION_UNSUPPORTED',
  'OPERATION_PENDING',
  'OPERATION_FINISHED',
  'OPERATION_FAILED',
  'OPERATION_ERROR',
  'OPERATION_DROPPED',
  'OPERATION_UNREACHABLE',
  'OPERATION_GONE_BY_OPERATOR',
  'OPERATION_RECOVERING',
  'OPERATION_UNKNOWN',
]

const submitOperation = fc
  .record({ id: operationId, agentId: fc.constantFrom('a1', 'a2'), cpus: fc.constantFrom(0.5, 99) })
  .map(({ id, agentId, cpus }) => ({
    type: 'operation.submit' as const,
    request: {
      id,
      agentId,
      operation: {
        type: 'RESERVE' as const,
        reserve: { resources: reservedResources({ cpus }, { role: 'team' }) },
      },
    },
  }))

const operationStatus = fc
  .record({
    id: sentOperationId,
    state: fc.constantFrom(...operationStates),
    hasUuid: fc.boolean(),
    hasId: fc.boolean(),
  })
  .map(({ id, state, hasUuid, hasId }) => ({
    type: 'mesos.operation' as const,
    status: {
      state,
      ...(hasId ? { operationId: { value: id } } : {}),
      ...(hasUuid ? { uuid: { value: 'AAAAAAAAAAAAAAAAAAAAAA==' }, agentId: { value: 'a1' } } : {}),
    },
  }))

const inverseOffers = fc
  .array(fc.tuple(fc.nat(3), fc.constantFrom('a1', 'a2', undefined)), { maxLength: 2 })
  .map((list) => ({
    type: 'mesos.inverseOffers' as const,
    inverseOffers: list.map(([number, agent]) => ({
      id: { value: `i${number}` },
      frameworkId: { value: 'f1' },
      ...(agent === undefined ? {} : { agentId: { value: agent } }),
      unavailability: { start: { nanoseconds: 1e15 } },
    })),
  }))

const description = { framework: { user: 'u', name: 'n', roles: ['a', 'b'] } }

/** What the user asks for beside tasks, and what Mesos says of it. */
const requests = fc.oneof(
  { weight: 3, arbitrary: submitOperation },
  { weight: 4, arbitrary: operationStatus },
  {
    weight: 1,
    arbitrary: operationId.map((id) => ({ type: 'operation.cancel' as const, operationId: id })),
  },
  { weight: 2, arbitrary: inverseOffers },
  {
    weight: 2,
    arbitrary: fc.nat(20).map((n) => ({ type: 'mesos.rescind' as const, offerId: `o${n}` })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(3), fc.boolean()).map(([n, accept]) => ({
      type: 'inverseOffer.answer' as const,
      inverseOfferId: `i${n}`,
      accept,
    })),
  },
  fc.constantFrom<SchedulerInboxEvent>(
    { type: 'mesos.rescindInverseOffer', inverseOfferId: 'i1' },
    { type: 'executor.tell', agentId: 'a1', executorId: 'e', data: 'e30=' },
    { type: 'executor.shutdown', agentId: 'a1', executorId: 'e' },
    { type: 'offers.request', requests: [] },
    { type: 'offers.revive' },
    { type: 'framework.update', description },
    { type: 'framework.updated', description },
  ),
)

const library = fc
  .tuple(fc.constantFrom('a.jar', 'b.jar', '__proto__'), fc.constantFrom('1', '2'))
  .map(([name, digit]) => ({
    name,
    sha256: digit.repeat(64),
    sizeBytes: 1,
    kind: 'jar' as const,
  }))

const libraryChange: fc.Arbitrary<SchedulerInboxEvent> = fc.oneof(
  library.map((one) => ({ type: 'libraries.staged' as const, set: createLibrarySet([one]) })),
  library.map((one) => ({ type: 'library.added' as const, library: one })),
  library.map(({ name }) => ({ type: 'library.removed' as const, name })),
  fc
    .tuple(library, library)
    .map(([{ name }, one]) => ({ type: 'library.replaced' as const, name, library: one })),
)

const failedCall = fc
  .record({
    call: fc.constantFrom('ACCEPT', 'DECLINE', 'KILL', 'REVIVE', 'SUPPRESS', 'UPDATE_FRAMEWORK'),
    launchIds: fc.array(launchId, { maxLength: 2 }),
    operationIds: fc.array(sentOperationId, { maxLength: 2 }),
    code: fc.constantFrom('CALL_TIMEOUT', 'CALL_REJECTED', 'NOT_SUBSCRIBED'),
    outcome: fc.constantFrom('refused', 'unsent', 'unknown'),
  })
  .map((failure) => ({ type: 'call.failed' as const, message: 'no', ...failure }))

const delivery = {
  executor: { name: 'jarcast', command: { value: 'x' }, resources: { cpus: 0.1 } },
}

const holder = fc
  .record({
    sha256: fc.constantFrom('l1', 'l2'),
    agentId: fc.constantFrom('a1', 'a2', '__proto__'),
    hostname: fc.constantFrom('one', ''),
  })
  .map((holder) => ({ type: 'holder.added' as const, ...holder }))

/** Every event that the scheduler's inbox can get. */
export const schedulerEvent: fc.Arbitrary<SchedulerInboxEvent> = fc.oneof(
  { weight: 6, arbitrary: submit },
  { weight: 6, arbitrary: offers },
  { weight: 12, arbitrary: update },
  { weight: 3, arbitrary: failedCall },
  { weight: 6, arbitrary: requests },
  { weight: 4, arbitrary: libraryChange },
  { weight: 2, arbitrary: taskId.map((id) => ({ type: 'task.kill' as const, taskId: id })) },
  { weight: 4, arbitrary: fc.constant({ type: 'mesos.subscribed' as const, frameworkId: 'f1' }) },
  {
    weight: 2,
    arbitrary: fc.constant({
      type: 'connection.lost' as const,
      code: 'STREAM_ENDED',
      message: 'ended',
      retryable: true,
    } as const),
  },
  {
    weight: 2,
    arbitrary: fc.constant({ type: 'jarServer.started' as const, url: 'http://h:1', delivery }),
  },
  { weight: 2, arbitrary: holder },
  fc.constantFrom<SchedulerInboxEvent>(
    { type: 'jarServer.stopped' },
    { type: 'jarServer.failed', code: 'JAR_SERVER_FAILED', message: 'port' },
    { type: 'framework.drain' },
    { type: 'framework.stop', detach: false },
    { type: 'framework.closed' },
    { type: 'process.restarted' },
    { type: 'mesos.error', message: 'Framework failed over' },
    { type: 'mesos.other', event: 'UNKNOWN' },
    { type: 'mesos.failure', agentId: { value: 'a1' } },
  ),
)
