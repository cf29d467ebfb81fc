/**
 * Mesos' own tests of status updates between executor, agent and scheduler, for the local cluster,
 * by their names there.
 * Source: apache/mesos src/tests/task_status_update_manager_tests.cpp.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import { randomUuidBytes } from '../../src/local/messages/uuid.ts'
import type { MediaType } from '../../src/mesos/codec.ts'
import type { TaskState, TaskStatus } from '../../src/mesos/types.generated.ts'
import {
  connectExecutor,
  connectScheduler,
  isEvent,
  isType,
  testFramework,
} from '../local/support/client.ts'
import type { Executor, Scheduler } from '../local/support/client.ts'
import { launchSilentExecutor } from './silent-executor.ts'
import { until } from '../support/until.ts'

let cluster: LocalCluster
let scheduler: Scheduler
let executor: Executor

beforeAll(async () => {
  cluster = await startLocalCluster({
    open: true,
    allocationIntervalMs: 20,
    updateRetryMs: 20,
    shutdownGraceMs: 50,
  })
})

afterEach(() => scheduler.call({ type: 'TEARDOWN' }))

afterAll(() => cluster.close())

const taskId = { value: 't' }

function ids() {
  return { executorId: { value: 'ex' }, frameworkId: { value: scheduler.frameworkId } }
}

function statusOf(state: TaskState): TaskStatus {
  return { taskId, state, source: 'SOURCE_EXECUTOR', uuid: randomUuidBytes() }
}

/** The task's updates so far. */
function told(): readonly TaskStatus[] {
  return scheduler.events.filter(isType('UPDATE')).map(({ update }) => update.status)
}

/** Waits for one more update of this state. */
async function anotherUpdate(state: TaskState): Promise<TaskStatus> {
  const isWanted = ({ state: each }: TaskStatus): boolean => each === state
  const count = told().filter(isWanted).length
  return await until(`another update ${state}`, () => told().filter(isWanted)[count])
}

describe.each<MediaType>(['application/json', 'application/x-protobuf'])(
  'status updates in %s',
  (mediaType) => {
    beforeEach(async () => {
      scheduler = await connectScheduler(cluster.url, testFramework, mediaType)
      await launchSilentExecutor(cluster, scheduler, 'ex', 't')
      executor = await connectExecutor(cluster.agents[0]?.url ?? '', ids(), mediaType)
      await executor.waitFor(isEvent('LAUNCH'))
    })

    async function send(status: TaskStatus): Promise<void> {
      await executor.call({ ...ids(), type: 'UPDATE', update: { status } })
    }

    async function acknowledge(uuid: string): Promise<void> {
      const agentId = { value: cluster.agents[0]?.id ?? '' }
      await scheduler.call({ type: 'ACKNOWLEDGE', acknowledge: { agentId, taskId, uuid } })
    }

    it('RetryStatusUpdate: an unacknowledged update is sent again, unchanged', async () => {
      await send(statusOf('TASK_RUNNING'))
      const first = await scheduler.waitForUpdate('t', 'TASK_RUNNING')
      expect(await anotherUpdate('TASK_RUNNING')).toEqual(first)
    })

    it('IgnoreDuplicateStatusUpdateAck: an earlier acknowledgement does not count for a later update', async () => {
      const running = statusOf('TASK_RUNNING')
      await send(running)
      await scheduler.follow('t', 'TASK_RUNNING')
      await send(statusOf('TASK_FINISHED'))
      await scheduler.waitForUpdate('t', 'TASK_FINISHED')
      await acknowledge(running.uuid ?? '')
      await anotherUpdate('TASK_FINISHED')
    })

    it('IgnoreUnexpectedStatusUpdateAck: an unknown UUID is ignored', async () => {
      await send(statusOf('TASK_RUNNING'))
      await scheduler.waitForUpdate('t', 'TASK_RUNNING')
      await acknowledge(randomUuidBytes())
      await anotherUpdate('TASK_RUNNING')
    })

    it('DuplicateTerminalUpdateAfterAck: another terminal update is forwarded, and can be acknowledged', async () => {
      await send(statusOf('TASK_FINISHED'))
      await scheduler.follow('t', 'TASK_FINISHED')
      await send(statusOf('TASK_KILLED'))
      await scheduler.follow('t', 'TASK_KILLED')
      expect([...new Set(told().map(({ state }) => state))]).toEqual([
        'TASK_FINISHED',
        'TASK_KILLED',
      ])
    })

    it('DuplicateUpdateBeforeAck: an update that the executor repeats is one update', async () => {
      const running = statusOf('TASK_RUNNING')
      await send(running)
      await send(running)
      await send(statusOf('TASK_FINISHED'))
      await scheduler.follow('t', 'TASK_RUNNING')
      // A repetition would come before it and look the same.
      await scheduler.follow('t', 'TASK_FINISHED')
      expect(
        told()
          .filter(({ state }) => state === 'TASK_RUNNING')
          .at(-1)?.uuid,
      ).toBe(running.uuid)
    })

    it('LatestTaskState: the master knows the newest state while an earlier one is in flight', async () => {
      await send(statusOf('TASK_RUNNING'))
      await send(statusOf('TASK_FINISHED'))
      await until('TASK_FINISHED', async () => (await shownState()) === 'TASK_FINISHED')
      expect(new Set(told().map(({ state }) => state))).toEqual(new Set(['TASK_RUNNING']))
    })

    it('DuplicatedTerminalStatusUpdate: a terminal state stays', async () => {
      await send(statusOf('TASK_FINISHED'))
      await scheduler.follow('t', 'TASK_FINISHED')
      await send(statusOf('TASK_KILLED'))
      await scheduler.follow('t', 'TASK_KILLED')
      expect(await shownState()).toBe('TASK_FINISHED')
    })
  },
)

/** As on the master's pages. */
async function shownState(): Promise<string | undefined> {
  const response = await fetch(`${cluster.url}/tasks?framework_id=${scheduler.frameworkId}`)
  const { tasks } = (await response.json()) as {
    tasks: { framework_id: string; id: string; state: string }[]
  }
  return tasks.find(({ framework_id }) => framework_id === scheduler.frameworkId)?.state
}
