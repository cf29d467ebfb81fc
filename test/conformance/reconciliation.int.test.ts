/**
 * Mesos' own tests of reconciliation, for the local cluster, by their names there. Left out:
 * RecoveredAgentReregistrationInProgress, as an agent of this cluster registers in one step, and
 * disabled tests.
 * Source: apache/mesos src/tests/reconciliation_tests.cpp.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import type { MediaType } from '../../src/mesos/codec.ts'
import type {
  FrameworkInfo,
  SchedulerCallReconcileTask,
  TaskState,
  TaskStatus,
} from '../../src/mesos/types.generated.ts'
import { commandTask, connectScheduler, isType, testFramework } from '../local/support/client.ts'
import type { Scheduler } from '../local/support/client.ts'
import { until } from '../support/until.ts'

let cluster: LocalCluster
let scheduler: Scheduler

beforeAll(async () => {
  cluster = await startLocalCluster({ open: true, allocationIntervalMs: 20, updateRetryMs: 20 })
})

afterAll(() => cluster.close())

describe.each<MediaType>(['application/json', 'application/x-protobuf'])(
  'reconciliation in %s',
  (mediaType) => {
    const capabilities = (testFramework.capabilities ?? []).filter(
      ({ type }) => type !== 'PARTITION_AWARE',
    )
    const unaware: FrameworkInfo = { ...testFramework, capabilities }

    afterEach(() => scheduler.call({ type: 'TEARDOWN' }))

    async function connect(info: FrameworkInfo = testFramework): Promise<void> {
      scheduler = await connectScheduler(cluster.url, info, mediaType)
    }

    async function launch(taskId: string, command: string): Promise<void> {
      const offer = await scheduler.takeOffer()
      await scheduler.launch(offer, commandTask(taskId, offer, command))
    }

    function agentId() {
      return { value: cluster.agents[0]?.id ?? '' }
    }

    /**
     * The answers to one call, in order. The answer about a task of this test comes last, so none
     * is missed.
     */
    async function reconcile(...tasks: SchedulerCallReconcileTask[]): Promise<TaskStatus[]> {
      const before = scheduler.events.length
      await scheduler.call({ type: 'RECONCILE', reconcile: { tasks } })
      const last = { taskId: { value: `last after ${before}` } }
      await scheduler.call({ type: 'RECONCILE', reconcile: { tasks: [last] } })
      return await until('the answers', () => {
        const statuses = scheduler.events
          .slice(before)
          .filter(isType('UPDATE'))
          .map(({ update }) => update.status)
          .filter(({ reason }) => reason === 'REASON_RECONCILIATION')
        return statuses.at(-1)?.taskId.value === last.taskId.value && statuses.slice(0, -1)
      })
    }

    function answer(taskId: string, state: TaskState) {
      return {
        taskId: { value: taskId },
        state,
        source: 'SOURCE_MASTER',
        reason: 'REASON_RECONCILIATION',
      }
    }

    it('TaskStateMatch, TaskStateMismatch: a known task is answered with its state', async () => {
      await connect()
      await launch('t', 'sleep 1000')
      await scheduler.follow('t', 'TASK_RUNNING')
      const answers = await reconcile({ taskId: { value: 't' }, agentId: agentId() })
      expect(answers).toMatchObject([answer('t', 'TASK_RUNNING')])
      expect(answers[0]).not.toHaveProperty('uuid')
    })

    it.each<[TaskState, FrameworkInfo]>([
      ['TASK_LOST', unaware],
      ['TASK_UNKNOWN', testFramework],
    ])('UnknownSlave: a task on an unknown agent is %s', async (state, info) => {
      await connect(info)
      const answers = await reconcile({ taskId: { value: 't' }, agentId: { value: 'nowhere' } })
      expect(answers).toMatchObject([answer('t', state)])
    })

    it.each<[string, TaskState, FrameworkInfo]>([
      ['UnknownTask', 'TASK_LOST', unaware],
      ['UnknownTaskPartitionAware', 'TASK_GONE', testFramework],
    ])('%s: an unknown task on a known agent is %s', async (_case, state, info) => {
      await connect(info)
      const answers = await reconcile({ taskId: { value: 't' }, agentId: agentId() })
      expect(answers).toMatchObject([answer('t', state)])
    })

    it('UnknownKillTask: KILL of an unknown task is answered as RECONCILE', async () => {
      await connect(unaware)
      await scheduler.call({ type: 'KILL', kill: { taskId: { value: 't' } } })
      expect(await scheduler.waitForUpdate('t', 'TASK_LOST')).toMatchObject(
        answer('t', 'TASK_LOST'),
      )
    })

    it('ImplicitNonTerminalTask: RECONCILE without tasks is answered with living tasks', async () => {
      await connect()
      await launch('t', 'sleep 1000')
      await scheduler.follow('t', 'TASK_RUNNING')
      expect(await reconcile()).toMatchObject([answer('t', 'TASK_RUNNING')])
    })

    it('ImplicitTerminalTask: acknowledged terminal tasks are not in the answers', async () => {
      await connect()
      await launch('t', 'true')
      await scheduler.follow('t', 'TASK_FINISHED')
      expect(await reconcile()).toEqual([])
    })

    it('UnacknowledgedTerminalTask: unacknowledged terminal tasks are', async () => {
      await connect()
      await launch('t', 'true')
      await scheduler.follow('t', 'TASK_RUNNING')
      await scheduler.waitForUpdate('t', 'TASK_FINISHED')
      expect(await reconcile()).toMatchObject([answer('t', 'TASK_FINISHED')])
    })

    it('ReconcileStatusUpdateTaskState: the last state sent, not the newest', async () => {
      await connect()
      await launch('t', 'true')
      await scheduler.waitForUpdate('t', 'TASK_STARTING')
      await until('TASK_FINISHED', async () => (await newestState('t')) === 'TASK_FINISHED')
      expect(await reconcile()).toMatchObject([answer('t', 'TASK_STARTING')])
    })
  },
)

describe('reconciliation after a failover of the master', () => {
  let own: LocalCluster

  beforeEach(async () => {
    own = await startLocalCluster({
      open: true,
      agentBackoffMs: 0,
      agentPingTimeoutMs: 100,
      allocationIntervalMs: 20,
    })
  })

  afterEach(() => own.close())

  /**
   * The answers about a task on the agent. The answer about the other task comes last, so none is
   * missed.
   */
  async function reconcile(agentId: string): Promise<TaskState[]> {
    scheduler = await connectScheduler(own.url)
    const t = { taskId: { value: 't' }, agentId: { value: agentId } }
    const last = { taskId: { value: 'last' }, agentId: { value: 'nowhere' } }
    await scheduler.call({ type: 'RECONCILE', reconcile: { tasks: [t] } })
    await scheduler.call({ type: 'RECONCILE', reconcile: { tasks: [last] } })
    await scheduler.waitForUpdate('last', 'TASK_UNKNOWN')
    const statuses = scheduler.events.filter(isType('UPDATE')).map(({ update }) => update.status)
    return statuses.filter(({ taskId }) => taskId.value === 't').map(({ state }) => state)
  }

  it('RecoveredAgent: no answer about an agent that may still come back, until it does', async () => {
    const agentId = own.agents[0]?.id ?? ''
    expect(await reconcile(agentId)).toEqual(['TASK_GONE'])
    await own.control.cutAgent('agent-1')
    await own.control.restartMaster('master-0')
    expect(await reconcile(agentId)).toEqual([])
    await own.control.healAgent('agent-1')
    await scheduler.takeOffer()
    expect(await reconcile(agentId)).toEqual(['TASK_GONE'])
  })
})

/** As on the master's pages. */
async function newestState(taskId: string): Promise<string | undefined> {
  const response = await fetch(`${cluster.url}/state`)
  const { frameworks } = (await response.json()) as {
    frameworks: { id: string; tasks: { id: string; state: string }[] }[]
  }
  return frameworks
    .find(({ id }) => id === scheduler.frameworkId)
    ?.tasks.find(({ id }) => id === taskId)?.state
}
