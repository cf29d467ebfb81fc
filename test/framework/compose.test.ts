import { afterEach, describe, expect, it } from 'vitest'
import { JarcastError } from '../../src/errors.ts'
import { composeFramework } from '../../src/framework/compose.ts'
import type { ComposeOptions, Parts } from '../../src/framework/compose.ts'
import type { FrameworkFact, FrameworkProgress } from '../../src/framework/facts/events.ts'
import { toSettings } from '../../src/framework/options/settings.ts'
import { isActive, tasksOf } from '../../src/framework/state/selectors.ts'
import type { SchedulerCall, TaskState } from '../../src/mesos/types.generated.ts'
import { offer, status } from '../support/mesos/mesos-data.ts'
import { fakeMaster, settle, subscribed } from './support/fake-connection.ts'
import type { FakeMaster } from './support/fake-connection.ts'

const opened: Parts[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((parts) => parts.close()))
})

/** The parts of a framework without libraries and journal, started at a master without sockets. */
async function given(master: FakeMaster = fakeMaster(), options: Partial<ComposeOptions> = {}) {
  const facts: FrameworkFact[] = []
  const progress: FrameworkProgress[] = []
  const settings = toSettings({ master: 'http://127.0.0.1:9' })
  const parts = await composeFramework(settings, {
    report: (event) => progress.push(event),
    inspect: undefined,
    signal: new AbortController().signal,
    connect: master.connect,
    ...options,
  })
  opened.push(parts)
  let isComplete = false
  parts.fact$.subscribe({ next: (fact) => facts.push(fact), complete: () => (isComplete = true) })
  parts.start()
  return { master, parts, facts, progress, isComplete: () => isComplete }
}

/** The same, registered, with task `a` launched. */
async function launched() {
  const all = await given()
  const { master, parts } = all
  master.emit(subscribed)
  const work = { kind: 'shell', command: 'true' } as const
  parts.runtime.dispatch({ type: 'task.submit', requests: [{ id: 'a', work }] })
  master.emit({ type: 'OFFERS', offers: { offers: [offer('o1')] } })
  await settle()
  return all
}

function update(master: FakeMaster, taskId: string, state: TaskState): void {
  const about = { uuid: 'dQ==', agentId: { value: 'a1' } }
  master.emit({ type: 'UPDATE', update: { status: status(taskId, state, about) } })
}

const typesOf = (values: readonly { readonly type: string }[]) => values.map(({ type }) => type)

describe('composeFramework', () => {
  it('performs effects, and dispatches their results to the machine', async () => {
    const { master, facts, parts } = await launched()
    expect(typesOf(master.calls).filter((type) => /SUBSCRIBE|ACCEPT/.test(type))).toEqual([
      'SUBSCRIBE',
      'ACCEPT',
    ])
    expect(facts).toMatchObject([
      { type: 'framework.registered', frameworkId: 'f1', master: 'http://m1:5050' },
      { type: 'offers.received', count: 1, launched: 1 },
      { type: 'task.launched', taskId: 'a' },
    ])
    update(master, 'a', 'TASK_RUNNING')
    await settle()
    expect(facts.at(-1)).toMatchObject({ type: 'task.updated', state: 'TASK_RUNNING' })
    expect(master.calls.at(-1)).toMatchObject({ type: 'ACKNOWLEDGE' })
    expect(parts.lastFactOf('a')).toMatchObject({ type: 'task.updated', state: 'TASK_RUNNING' })
  })

  it('turns a call that fails into an event of the machine', async () => {
    const refused = new JarcastError('CALL_REJECTED', 'no such offer')
    const isAccept = ({ type }: SchedulerCall): boolean => type === 'ACCEPT'
    const { master, parts, facts } = await given(
      fakeMaster((call) => (isAccept(call) ? refused : undefined)),
    )
    master.emit(subscribed)
    const work = { kind: 'shell', command: 'true' } as const
    parts.runtime.dispatch({ type: 'task.submit', requests: [{ id: 'a', work }] })
    master.emit({ type: 'OFFERS', offers: { offers: [offer('o1')] } })
    await settle()
    expect(typesOf(facts)).toContain('call.failed')
    expect(tasksOf(parts.runtime.snapshot).rows.size).toBe(0)
  })

  it('acknowledges an update without an entry for it', async () => {
    const { master, parts } = await launched()
    const { taken } = parts.runtime
    update(master, 'unheard-of', 'TASK_FINISHED')
    await settle()
    expect(master.calls.at(-1)).toMatchObject({
      type: 'ACKNOWLEDGE',
      acknowledge: { taskId: { value: 'unheard-of' } },
    })
    expect(parts.runtime.taken).toBe(taken)
  })

  it('reports messages of executors after the facts before them', async () => {
    const { master, facts, progress } = await launched()
    update(master, 'a', 'TASK_RUNNING')
    master.emit({
      type: 'MESSAGE',
      message: { agentId: { value: 'a1' }, executorId: { value: 'e' }, data: 'aGk=' },
    })
    expect([facts.at(-1)?.type, progress.length]).toEqual(['task.launched', 0])
    await settle()
    expect(facts.at(-1)?.type).toBe('task.updated')
    expect(progress).toEqual([
      { type: 'executor.message', agentId: 'a1', executorId: 'e', data: 'aGk=' },
    ])
  })

  it('notes events that cannot be read', async () => {
    const { master, facts } = await given()
    master.emit(subscribed)
    master.options.onRefused?.(new JarcastError('MESSAGE_INVALID', 'no offers'), undefined)
    await settle()
    expect(facts.at(-1)).toMatchObject({
      type: 'mesos.refused',
      message: 'no offers (MESSAGE_INVALID)',
    })
  })

  it('ends with framework.failed when the run cannot continue', async () => {
    const master = fakeMaster()
    const broken: FakeMaster['connect'] = (...args) => ({
      ...master.connect(...args),
      subscribe: () => {
        throw new TypeError('no stream')
      },
    })
    const { facts, isComplete } = await given(master, { connect: broken })
    await settle()
    expect(facts).toMatchObject([
      {
        type: 'framework.failed',
        error: { code: 'FRAMEWORK_FAILED', message: expect.stringContaining('no stream') },
      },
    ])
    expect(isComplete()).toBe(true)
  })

  it('stops with a TEARDOWN, and ends the stream of the master', async () => {
    const { master, parts, facts } = await launched()
    expect(master.streams).toBe(1)
    parts.runtime.dispatch({ type: 'framework.stop', detach: false })
    await settle()
    expect(master.calls.at(-1)).toMatchObject({ type: 'TEARDOWN' })
    expect([master.streams, master.isClosed]).toEqual([0, true])
    expect(facts.at(-1)?.type).toBe('framework.stopped')
    expect(isActive(parts.runtime.snapshot)).toBe(false)
  })

  it('refuses settings before it opens anything', async () => {
    const refused = new JarcastError('CONFIG_INVALID', 'master is wrong')
    const connect = (): never => {
      throw refused
    }
    await expect(given(fakeMaster(), { connect })).rejects.toBe(refused)
  })
})
