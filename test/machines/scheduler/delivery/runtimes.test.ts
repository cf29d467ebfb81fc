import { describe, expect, it } from 'vitest'
import { executorIdOf } from '../../../../src/domain/tasks/executors.ts'
import type { ExecutorPlan } from '../../../../src/domain/tasks/executors.ts'
import { launchIdOf } from '../../../../src/domain/tasks/task-request.ts'
import { requestExitStatus } from '../../../../src/domain/runtimes/platforms.ts'
import type { Platform } from '../../../../src/domain/runtimes/platforms.ts'
import type { SchedulerInboxEvent } from '../../../../src/machines/scheduler/events.ts'
import { offer } from '../../../support/mesos/mesos-data.ts'
import {
  offers,
  registered,
  runWith,
  submit,
  typesOf,
  update,
} from '../../../support/machines/run-scheduler.ts'

const plain: ExecutorPlan = {
  name: 'jarcast',
  command: { value: 'start' },
  resources: { cpus: 0.1 },
  asksFor: ['linux-x64', 'linux-arm64'],
}
const withNode: ExecutorPlan = { ...plain, command: { value: 'start', uris: [{ value: 'node' }] } }
const serving = {
  type: 'jarServer.started',
  url: 'http://jars',
  delivery: { executor: plain },
} as const
const prepared = {
  type: 'runtime.prepared',
  platform: 'linux-x64',
  version: '24.0.0',
  sizeBytes: 5,
  executor: withNode,
} as const
const failed = {
  type: 'runtime.failed',
  platform: 'linux-x64',
  code: 'REGISTRY_UNREACHABLE',
  message: 'no registry',
} as const
const ended = {
  reason: 'REASON_EXECUTOR_TERMINATED',
  source: 'SOURCE_AGENT',
  agentId: { value: 'a1' },
} as const

function asks(agent: string, platform: Platform): SchedulerInboxEvent {
  return {
    type: 'mesos.failure',
    agentId: { value: agent },
    executorId: { value: executorIdOf(plain) },
    status: requestExitStatus(platform) << 8,
  }
}

const shipping = { hasLibraries: true }
/** Task `a` was launched on agent `a1`. */
const launched = [registered, serving, submit('a'), offers(offer('o1'))] as const

function launchedWith({ calls }: ReturnType<typeof runWith>) {
  return calls.flatMap((call) =>
    call.type !== 'ACCEPT'
      ? []
      : (call.accept.operations ?? []).map((operation) =>
          operation.type === 'LAUNCH'
            ? operation.launch.taskInfos?.[0]?.executor?.executorId.value
            : operation.type,
        ),
  )
}

describe('a scheduler whose agent has no Node.js', () => {
  it('prepares one, and launches its tasks again without counting that as a loss', () => {
    const asked = runWith(shipping, ...launched, asks('a1', 'linux-x64'))
    expect(asked.params('fx.prepareRuntime')).toEqual({ platform: 'linux-x64' })
    expect(asked.facts).toMatchObject([
      { type: 'runtime.needed', agentId: 'a1', platform: 'linux-x64' },
      { type: 'task.retried', taskId: 'a', attempt: 1, message: /has no Node.js/ },
    ])
    const late = runWith(
      shipping,
      ...launched,
      asks('a1', 'linux-x64'),
      update('a', 'TASK_FAILED', ended),
    )
    expect(late.facts).toEqual([])
  })

  it('launches nothing there until it is served, and then the executor that brings it', () => {
    const waiting = [...launched, asks('a1', 'linux-x64')]
    const declined = runWith(shipping, ...waiting, offers(offer('o2')))
    expect(typesOf(declined.calls)).toEqual(['DECLINE'])
    expect(declined.facts).toMatchObject([
      { type: 'offers.received' },
      { type: 'task.waiting', obstacles: { runtime: 1 } },
    ])
    const elsewhere = runWith(shipping, ...waiting, offers(offer('o2', { agent: 'a2' })))
    expect(launchedWith(elsewhere)).toEqual([executorIdOf(plain)])
    const served = runWith(shipping, ...waiting, prepared)
    expect(served.facts).toEqual([
      { type: 'runtime.served', platform: 'linux-x64', version: '24.0.0', sizeBytes: 5 },
    ])
    // Its offers were declined.
    const freed = runWith(shipping, ...waiting, offers(offer('o2')), prepared)
    expect(typesOf(freed.calls)).toEqual(['REVIVE'])
    const again = runWith(shipping, ...waiting, prepared, offers(offer('o2')))
    expect(launchedWith(again)).toEqual([executorIdOf(withNode)])
  })

  it('prepares it once per platform, however many agents ask', () => {
    const both = [...launched, submit('b'), offers(offer('o2', { agent: 'a2' }))]
    const same = runWith(shipping, ...both, asks('a1', 'linux-x64'), asks('a2', 'linux-x64'))
    expect(same.effects).toEqual([])
    const other = runWith(shipping, ...both, asks('a1', 'linux-x64'), asks('a2', 'linux-arm64'))
    expect(other.params('fx.prepareRuntime')).toEqual({ platform: 'linux-arm64' })
  })

  it('lets tasks end where none can be served', () => {
    const unavailable = [...launched, asks('a1', 'linux-x64'), failed]
    expect(runWith(shipping, ...unavailable).facts).toEqual([
      { ...failed, type: 'runtime.unavailable' },
    ])
    const again = [...unavailable, offers(offer('o2')), asks('a1', 'linux-x64')]
    const told = runWith(shipping, ...again)
    expect(told.facts).toMatchObject([{ type: 'executor.failed', lacks: 'linux-x64' }])
    expect(told.effects).toEqual([])
    const status = update(launchIdOf('a', 2), 'TASK_FAILED', ended)
    const third = [status, offers(offer('o3')), update(launchIdOf('a', 3), 'TASK_FAILED', ended)]
    expect(runWith(shipping, ...again, ...third).facts).toMatchObject([{ type: 'task.ended' }])
  })

  it('takes the exit status of an executor that does not ask as its end', () => {
    const { asksFor: _, ...script } = plain
    const own = { ...serving, delivery: { executor: script } }
    const events = [registered, own, submit('a'), offers(offer('o1')), asks('a1', 'linux-x64')]
    expect(runWith(shipping, ...events).facts).toMatchObject([{ type: 'executor.failed' }])
  })
})
