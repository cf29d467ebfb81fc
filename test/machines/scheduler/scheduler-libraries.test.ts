import { describe, expect, it } from 'vitest'
import { setsOf } from '../../../src/machines/scheduler/components.ts'
import { createLibrarySet } from '../../../src/domain/libraries/library.ts'
import type { Library } from '../../../src/domain/libraries/library.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import type { Effect } from '../../../src/journal/core/outbox.ts'
import type { SchedulerFact, SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import type { SchedulerCall } from '../../../src/mesos/types.generated.ts'
import { createManualClock } from '../../../src/testing/manual-clock.ts'
import { offer, status } from '../../support/mesos/mesos-data.ts'

const library = (name: string, digit: string): Library => ({
  name,
  sha256: digit.repeat(64),
  sizeBytes: 1,
  kind: 'jar',
})
const a = library('a.jar', '1')
const b = library('b.jar', '2')
const base = createLibrarySet([a])
const both = createLibrarySet([a, b])
const sets = 'http://10.0.0.1:4000/sets'

const start: readonly SchedulerInboxEvent[] = [
  { type: 'libraries.staged', set: base },
  { type: 'mesos.subscribed', frameworkId: 'f1' },
  {
    type: 'jarServer.started',
    url: 'http://10.0.0.1:4000',
    delivery: {
      executor: { name: 'jarcast', command: { value: 'x' }, resources: { cpus: 0.1 } },
      librarySet: { id: base.id, manifestUri: `${sets}/${base.id}.json` },
    },
  },
]
const released = { type: 'fx.releaseSets', params: { sets: [base] }, actorId: 'librarySets' }
const added: SchedulerInboxEvent = { type: 'library.added', library: b }

const submit = (id: string, maxAttempts = 1): SchedulerInboxEvent => ({
  type: 'task.submit',
  requests: [{ id, work: { kind: 'shell', command: 'true' }, retry: { maxAttempts } }],
})
const offers = (...ids: readonly string[]): SchedulerInboxEvent => ({
  type: 'mesos.offers',
  offers: ids.map((id) => offer(id)),
})
const update = (...parts: Parameters<typeof status>): SchedulerInboxEvent => ({
  type: 'mesos.update',
  status: status(...parts),
})

function run(...events: readonly SchedulerInboxEvent[]) {
  let effects: Effect[] = []
  let facts: SchedulerFact[] = []
  const runtime = createRuntime(schedulerMachine, {
    input: { framework: { user: 'u', name: 'n' }, hasLibraries: true, timeoutMs: 60_000 },
    clock: createManualClock(),
  })
  runtime.effect$.subscribe((effect) => effects.push(effect))
  runtime.fact$.subscribe((fact) => facts.push(fact))
  runtime.start()
  for (const event of events) {
    effects = []
    facts = []
    runtime.dispatch(event)
  }
  return { runtime, effects, facts }
}

/** What each task that was launched is told of its set, and under which executor. */
function launches(effects: readonly Effect[]) {
  return effects
    .flatMap(({ type, params }) => (type === 'fx.call' ? [params as SchedulerCall] : []))
    .flatMap((call) => (call.type === 'ACCEPT' ? (call.accept.operations ?? []) : []))
    .flatMap((operation) => (operation.type === 'LAUNCH' ? (operation.launch.taskInfos ?? []) : []))
    .map(({ taskId, data = '', executor }) => ({
      taskId: taskId.value,
      executorId: executor?.executorId.value,
      librarySet: JSON.parse(Buffer.from(data, 'base64').toString()).librarySet,
    }))
}

describe('scheduler libraries', () => {
  it('name the set that was current when a task was submitted', () => {
    const { effects } = run(...start, submit('old'), added, submit('new'), offers('o1'))
    const [old, young] = launches(effects)
    expect(old?.librarySet).toEqual({ id: base.id, manifestUri: `${sets}/${base.id}.json` })
    expect(young?.librarySet).toEqual({ id: both.id, manifestUri: `${sets}/${both.id}.json` })
    expect(young?.executorId).toBe(old?.executorId)
  })

  it('stay those of the first attempt in the next one', () => {
    const failed = update('t', 'TASK_FAILED', { agentId: { value: 'a1' } })
    const { effects } = run(...start, submit('t', 2), offers('o1'), added, failed, offers('o2'))
    expect(launches(effects)).toMatchObject([{ taskId: 't~2', librarySet: { id: base.id } }])
  })

  it('are released when the last task that has them is over', () => {
    const events = [...start, submit('s'), submit('t'), offers('o1'), added]
    const first = run(...events, update('s', 'TASK_FINISHED'))
    expect(first.facts).not.toContainEqual(expect.objectContaining({ type: 'libraries.released' }))
    const last = run(...events, update('s', 'TASK_FINISHED'), update('t', 'TASK_FINISHED'))
    expect(last.effects).toContainEqual(expect.objectContaining(released))
    expect(last.facts).toContainEqual({ type: 'libraries.released', setIds: [base.id] })
  })

  it('are released at once when nothing has them', () => {
    expect(run(...start, added).effects).toMatchObject([released])
  })

  it('come back as they were to a process with the same libraries', () => {
    const restarted = { type: 'process.restarted' } as const
    const same = run(...start, added, restarted, { type: 'libraries.staged', set: base })
    expect(setsOf(same.runtime.snapshot).current).toBe(both.id)
    const others = createLibrarySet([b])
    const other = run(...start, added, restarted, { type: 'libraries.staged', set: others })
    expect(setsOf(other.runtime.snapshot).current).toBe(others.id)
  })

  it('refuse changes that make no set', () => {
    const codeOf = (event: SchedulerInboxEvent) =>
      run(...start, event).facts.flatMap((fact) =>
        fact.type === 'libraries.rejected' ? fact.code : fact.type,
      )
    expect(codeOf({ type: 'library.removed', name: 'x.jar' })).toEqual(['LIBRARY_NOT_FOUND'])
    expect(codeOf({ type: 'library.added', library: { ...b, name: 'a.jar' } })).toEqual([
      'CONFIG_INVALID',
    ])
    expect(codeOf({ type: 'library.replaced', name: 'a.jar', library: b })).toEqual([
      'libraries.changed',
      'libraries.released',
    ])
    const stop: SchedulerInboxEvent = { type: 'framework.stop', detach: false }
    expect(run(...start, stop, added).facts).toMatchObject([
      { type: 'libraries.rejected', code: 'FRAMEWORK_STOPPED' },
    ])
  })
})
