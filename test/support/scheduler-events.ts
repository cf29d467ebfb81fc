/** Random inputs of the scheduler: in any order, duplicated, about tasks that it knows and tasks that it does not. */
import fc from 'fast-check'
import type { SchedulerInboxEvent } from '../../src/machines/scheduler-events.ts'
import type { TaskState } from '../../src/mesos/types.generated.ts'
import { offer, status } from './mesos-data.ts'

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
  'TASK_UNKNOWN',
]

const submit = fc
  .record({
    id: taskId,
    cpus: fc.constantFrom(0.5, 1, 99),
    maxAttempts: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ id, cpus, maxAttempts }) => ({
    type: 'task.submit' as const,
    requests: [
      {
        id,
        work: { kind: 'shell', command: 'true' } as const,
        resources: { cpus, memMb: 32 },
        retry: { maxAttempts },
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
  .record({ id: launchId, state: fc.constantFrom(...states), hasUuid: fc.boolean() })
  .map(({ id, state, hasUuid }) => ({
    type: 'mesos.update' as const,
    status: status(id, state, {
      agentId: { value: 'a1' },
      ...(hasUuid ? { uuid: 'AAAAAAAAAAAAAAAAAAAAAA==' } : {}),
    }),
  }))

const failedCall = fc
  .record({
    call: fc.constantFrom('ACCEPT', 'DECLINE', 'KILL'),
    launchIds: fc.array(launchId, { maxLength: 2 }),
    outcome: fc.constantFrom('refused', 'unsent', 'unknown'),
  })
  .map((failure) => ({ type: 'call.failed' as const, message: 'no', ...failure }))

const delivery = {
  executor: { name: 'jarcast', command: { value: 'x' }, resources: { cpus: 0.1 } },
}

/** Every event that the scheduler's inbox can get. */
export const schedulerEvent: fc.Arbitrary<SchedulerInboxEvent> = fc.oneof(
  { weight: 6, arbitrary: submit },
  { weight: 6, arbitrary: offers },
  { weight: 12, arbitrary: update },
  { weight: 3, arbitrary: failedCall },
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
  fc.constantFrom<SchedulerInboxEvent>(
    { type: 'jarServer.start' },
    { type: 'jarServer.stopped' },
    { type: 'jarServer.failed', code: 'JAR_SERVER_FAILED', message: 'port' },
    { type: 'framework.drain' },
    { type: 'framework.stop', detach: false },
    { type: 'framework.closed' },
    { type: 'process.restarted' },
    { type: 'mesos.error', message: 'Framework failed over' },
    { type: 'mesos.other', event: 'INVERSE_OFFERS' },
    { type: 'mesos.failure', agentId: { value: 'a1' } },
    { type: 'mesos.message', agentId: { value: 'a1' }, executorId: { value: 'e' }, data: 'e30=' },
  ),
)
