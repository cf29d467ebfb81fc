import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMemoryJournal } from '../../../src/journal/journal.ts'
import type { Effect } from '../../../src/journal/core/outbox.ts'
import { replay } from '../../../src/journal/replay/replay.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import { executorMachine } from '../../../src/machines/executor/executor.ts'
import type {
  ExecutorInput,
  ExecutorMachineEvent,
  StampedUpdate,
} from '../../../src/machines/executor/events.ts'
import type { HostOutcome, RunReport } from '../../../src/machines/task-run/run-report.ts'

const input: ExecutorInput = {
  checkpoint: false,
  recoveryTimeoutMs: 60_000,
  shutdownGraceMs: 5000,
  seedUris: [],
  maxAttempts: 3,
  concurrency: 4,
}
const subscribed: ExecutorMachineEvent = { type: 'agent.subscribed' }
const good: HostOutcome = { ok: true, message: 'done', report: { version: 1 } }
const installed = { setId: 's', folder: '/s', classPath: ['/s/a.jar'] }

function launch(taskId: string, setId?: string): ExecutorMachineEvent {
  const librarySet = { id: setId ?? '', manifestUri: `http://jars/sets/${setId}.json` }
  const work = { kind: 'shell' as const, command: 'true' }
  const payload = { version: 1 as const, work, maxResultBytes: 10 }
  return {
    type: 'task.launched',
    task: {
      taskId,
      info: { name: taskId },
      payload: setId === undefined ? payload : { ...payload, librarySet },
      killGraceMs: 3000,
    },
  }
}

const shutdown: ExecutorMachineEvent = {
  type: 'shutdown.requested',
  message: 'bye',
  exitStatus: 0,
}

/** A task of the group `g`. */
function grouped(taskId: string): ExecutorMachineEvent {
  const event = launch(taskId)
  if (event.type !== 'task.launched') throw new Error('no launch')
  return { ...event, task: { ...event.task, groupId: 'g' } }
}

const lost = (more: object = {}): ExecutorMachineEvent => ({
  type: 'agent.lost',
  message: 'gone',
  busy: false,
  retryable: true,
  retryDelayMs: 100,
  ...more,
})

/** A run with its own clock, whose reports are stamped as by the executor. */
function run(options: Partial<ExecutorInput> = {}) {
  const effects: Effect[] = []
  const journal = createMemoryJournal<ExecutorMachineEvent>(0)
  let nowMs = 0
  let wakes: { at: number; callback: () => void }[] = []
  const runtime = createRuntime(executorMachine, {
    input: { ...input, ...options },
    journal,
    clock: {
      now: () => nowMs,
      wake(callback, delayMs) {
        const wake = { at: nowMs + delayMs, callback }
        wakes.push(wake)
        return () => (wakes = wakes.filter((other) => other !== wake))
      },
    },
  })
  runtime.effect$.subscribe((effect) => {
    effects.push(effect)
    if (effect.type !== 'fx.report') return
    const update = { ...(effect.params as RunReport), uuid: effect.key, timestampMs: nowMs }
    runtime.dispatch({ type: 'update.stamped', update })
  })
  runtime.start()
  return {
    runtime,
    journal,
    tell: (...events: readonly ExecutorMachineEvent[]) => events.forEach(runtime.dispatch),
    wait(ms: number) {
      const end = nowMs + ms
      for (;;) {
        const next = wakes.toSorted((one, other) => one.at - other.at)[0]
        if (next === undefined || next.at > end) break
        wakes = wakes.filter((wake) => wake !== next)
        nowMs = next.at
        next.callback()
      }
      nowMs = end
    },
    /** The effects of this type since the last call. */
    take: (type: string) =>
      effects.splice(0).flatMap((effect) => (effect.type === type ? [effect.params] : [])),
    get updates(): readonly StampedUpdate[] {
      return runtime.snapshot.context.updates
    },
    acknowledge(taskId: string) {
      for (const { uuid } of this.updates.filter((update) => update.taskId === taskId)) {
        runtime.dispatch({ type: 'update.acknowledged', taskId, uuid })
      }
    },
    get children(): readonly string[] {
      return Object.keys(runtime.snapshot.children)
    },
  }
}

const ready = (setId: string): ExecutorMachineEvent[] => [
  { type: 'manifest.fetched', setId, entries: [] },
  { type: 'set.installed', setId, installed: { ...installed, setId } },
]

describe('executorMachine', () => {
  it('subscribes with nothing to resend', () => {
    expect(run().take('fx.subscribe')).toEqual([{ tasks: [], updates: [] }])
  })

  it('gives each task a child until its last update is acknowledged', () => {
    const it = run()
    it.tell(subscribed, launch('t'))
    expect(it.children).toEqual(['task.t'])
    it.tell({ type: 'host.started', taskId: 't' })
    it.acknowledge('t')
    expect(it.children).toEqual(['task.t'])
    it.tell({ type: 'host.exited', taskId: 't', outcome: good })
    expect(it.updates.map(({ state }) => state)).toEqual(['TASK_FINISHED'])
    it.acknowledge('t')
    expect(it.children).toEqual([])
    expect(it.runtime.snapshot.context).toMatchObject({ runs: {}, tasks: {}, updates: [] })
  })

  it('releases a set when its last task is over and a newer set is installed', () => {
    const it = run()
    it.tell(subscribed, launch('t', 's'), ...ready('s'), launch('u', 's'))
    it.tell({ type: 'host.exited', taskId: 't', outcome: good }, launch('v', 'next'))
    it.tell({ type: 'host.exited', taskId: 'u', outcome: good })
    expect(it.take('fx.releaseSet')).toEqual([])
    it.tell(...ready('next'))
    expect(it.take('fx.releaseSet')).toEqual([{ setId: 's' }])
    it.tell({ type: 'host.exited', taskId: 'v', outcome: good })
    expect(it.take('fx.releaseSet')).toEqual([])
    expect(Object.keys(it.runtime.snapshot.context.sets)).toEqual(['next'])
    it.tell(launch('w', 's'))
    expect(it.take('fx.fetchManifest')).toMatchObject([{ setId: 's' }])
  })

  it('sends each update once it is stamped', () => {
    const it = run()
    it.tell(subscribed, launch('t', 's'), ...ready('s'), { type: 'host.started', taskId: 't' })
    it.wait(200)
    const sent = it.take('fx.sendUpdate') as readonly { update: StampedUpdate }[]
    expect(sent.map(({ update }) => update.state)).toEqual(['TASK_STARTING', 'TASK_RUNNING'])
  })

  it('accepts a task with the name of an object property', () => {
    const it = run()
    it.tell(subscribed, launch('constructor', 'toString'), launch('__proto__'))
    expect(it.children).toEqual(['task.constructor', 'downloader.toString', 'task.__proto__'])
  })

  it('launches no task twice', () => {
    const it = run()
    it.tell(subscribed, launch('t'), launch('t'))
    expect(it.take('fx.startHost')).toHaveLength(1)
  })

  it('fails an invalid task', () => {
    const it = run()
    const task = {
      taskId: 't',
      info: {},
      payload: { code: 'TASK_INVALID' as const, message: 'what?' },
      killGraceMs: 0,
    }
    it.tell(subscribed, { type: 'task.launched', task })
    expect(it.updates).toMatchObject([{ state: 'TASK_FAILED', message: 'what?' }])
    it.acknowledge('t')
    expect(it.runtime.snapshot.context.runs).toEqual({})
  })

  it('fetches a set once for all tasks that need it', () => {
    const it = run()
    it.tell(subscribed, launch('t', 's'), launch('u', 's'))
    expect(it.take('fx.fetchManifest')).toHaveLength(1)
    it.tell(
      { type: 'manifest.fetched', setId: 's', entries: [] },
      { type: 'set.installed', setId: 's', installed },
    )
    expect(it.take('fx.startHost')).toMatchObject([
      { taskId: 't', libraries: [installed] },
      { taskId: 'u', libraries: [installed] },
    ])
    expect(it.children).toEqual(['task.t', 'task.u'])
    it.tell(launch('v', 's'))
    expect(it.take('fx.startHost')).toMatchObject([{ taskId: 'v', libraries: [installed] }])
  })

  it('fails the tasks of a failed set, and retries for later tasks', () => {
    const it = run()
    const failure = { code: 'LIBRARY_CORRUPT' as const, message: 'no a.jar' }
    it.tell(
      subscribed,
      launch('t', 's'),
      launch('u'),
      { type: 'manifest.fetched', setId: 's', entries: [] },
      { type: 'set.failed', setId: 's', ...failure },
    )
    expect(it.updates.at(-1)).toMatchObject({ taskId: 't', message: 'no a.jar' })
    it.take('fx.fetchManifest')
    it.tell(launch('v', 's'))
    expect(it.take('fx.fetchManifest')).toHaveLength(1)
  })

  it('adds the libraries of its argument to every task', () => {
    const it = run({ seedUris: ['http://jars/0_a.jar'] })
    it.tell(subscribed, launch('t'))
    expect(it.take('fx.fetchManifest')).toEqual([
      { setId: 'seed', source: { kind: 'uris', uris: ['http://jars/0_a.jar'] }, attempt: 1 },
    ])
  })

  it('ends with its tasks when it loses an agent that does not checkpoint', () => {
    const it = run()
    it.tell(subscribed, launch('t'), { type: 'host.started', taskId: 't' }, lost())
    expect(it.take('fx.killHost')).toEqual([{ taskId: 't', signal: 'SIGTERM' }])
    it.tell({ type: 'host.exited', taskId: 't', outcome: good })
    expect(it.take('fx.exit')).toEqual([{ exitStatus: 1, message: 'the agent is gone: gone' }])
  })

  it('subscribes again with unacknowledged updates', () => {
    const it = run({ checkpoint: true })
    it.tell(subscribed, launch('t'), { type: 'host.started', taskId: 't' })
    it.wait(200)
    it.tell(lost())
    it.take('fx.subscribe')
    it.wait(100)
    const updates = [{ state: 'TASK_RUNNING' }]
    expect(it.take('fx.subscribe')).toMatchObject([{ tasks: [{ name: 't' }], updates }])
    it.tell({ type: 'host.exited', taskId: 't', outcome: good }, subscribed)
    expect(it.take('fx.sendUpdate')).toMatchObject([{ update: { state: 'TASK_FINISHED' } }])
  })

  it('resends no task once an update of it is acknowledged', () => {
    const it = run({ checkpoint: true })
    it.tell(subscribed, launch('t'), { type: 'host.started', taskId: 't' })
    it.wait(200)
    it.acknowledge('t')
    it.tell(lost())
    it.wait(100)
    expect(it.take('fx.subscribe').at(-1)).toMatchObject({ tasks: [], updates: [] })
  })

  it('gives up a lost agent after the recovery timeout', () => {
    const it = run({ checkpoint: true, recoveryTimeoutMs: 1000 })
    it.tell(subscribed, lost())
    for (let at = 0; at < 900; at += 100) {
      it.wait(100)
      it.tell(lost())
    }
    it.wait(100)
    expect(it.runtime.snapshot.status).toBe('done')
  })

  it('retries a busy agent before the first subscription', () => {
    const it = run()
    it.tell(lost({ busy: true }))
    it.wait(100)
    expect(it.take('fx.subscribe').at(-1)).toEqual({ tasks: [], updates: [] })
    it.tell(lost({ busy: true, retryable: false }))
    expect(it.take('fx.exit')).toHaveLength(1)
  })

  it('keeps its tasks when the agent sends invalid bytes', () => {
    const it = run({ checkpoint: false })
    it.tell(subscribed, launch('t'), { type: 'host.started', taskId: 't' }, lost({ busy: true }))
    it.wait(100)
    expect(it.take('fx.subscribe').at(-1)).toMatchObject({ tasks: [{ name: 't' }] })
    expect(it.take('fx.exit')).toEqual([])
  })

  it('kills its tasks on shutdown within half of the grace', () => {
    const it = run()
    it.tell(subscribed, launch('t'), { type: 'host.started', taskId: 't' })
    it.tell(shutdown)
    it.wait(2500)
    expect(it.take('fx.killHost')).toEqual([
      { taskId: 't', signal: 'SIGTERM' },
      { taskId: 't', signal: 'SIGKILL' },
    ])
    it.wait(1500)
    expect(it.take('fx.exit')).toEqual([{ exitStatus: 0, message: 'bye' }])
  })

  it('sends the last updates of a shutdown without a subscription, too', () => {
    const it = run({ checkpoint: true })
    it.tell(subscribed, launch('t'), { type: 'host.started', taskId: 't' }, lost(), shutdown)
    it.take('fx.sendUpdate')
    it.tell({ type: 'host.exited', taskId: 't', outcome: good })
    expect(it.take('fx.sendUpdate')).toMatchObject([{ update: { state: 'TASK_KILLED' } }])
  })

  it('launches no task after the shutdown began, and keeps its first reason', () => {
    const it = run()
    it.tell(subscribed, launch('t'), shutdown, launch('u'), { ...shutdown, message: 'again' })
    expect(it.children).toEqual(['task.t'])
    it.tell({ type: 'host.exited', taskId: 't', outcome: good })
    expect(it.take('fx.exit')).toEqual([{ exitStatus: 0, message: 'bye' }])
  })

  it('kills the others of a group when one fails, once', () => {
    const it = run()
    it.tell(subscribed, grouped('t'), grouped('u'), launch('v'))
    it.tell({ type: 'host.exited', taskId: 't', outcome: { ...good, ok: false } })
    expect(it.take('fx.killHost')).toEqual([{ taskId: 'u', signal: 'SIGTERM' }])
    it.tell(grouped('w'))
    expect(it.take('fx.killHost')).toEqual([{ taskId: 'w', signal: 'SIGTERM' }])
  })

  it('counts the grace of a shutdown once for a group', () => {
    const it = run()
    it.tell(subscribed, grouped('t'), grouped('u'), shutdown)
    it.take('fx.killHost')
    it.tell({ type: 'host.exited', taskId: 't', outcome: { ...good, ok: false } })
    expect(it.take('fx.killHost')).toEqual([])
  })

  it('accepts any events in any order, and replays to the same state', () => {
    fc.assert(
      fc.property(fc.array(anyEvent(), { maxLength: 60 }), (events) => {
        const it = run({ checkpoint: true })
        for (const event of events) {
          if (it.runtime.snapshot.status === 'done') break
          it.tell(event)
          it.wait(50)
        }
        const again = replay(executorMachine, { ...input, checkpoint: true }, 0, it.journal.read(1))
        expect([...again].flatMap(({ mismatches }) => mismatches)).toEqual([])
        expect(JSON.stringify(again.state())).toBe(JSON.stringify(it.runtime.state()))
      }),
      { numRuns: 200 },
    )
  })
})

function anyEvent(): fc.Arbitrary<ExecutorMachineEvent> {
  const taskId = fc.constantFrom('t', 'u', '__proto__')
  const setId = fc.constantFrom('s', 'r')
  const name = fc.constantFrom('a', 'b')
  const library = { sha256: 'f'.repeat(64), sizeBytes: 1, kind: 'jar' as const }
  const entries = ['a', 'b'].map((each) => ({ uri: each, library: { ...library, name: each } }))
  const failure = fc.record({
    code: fc.constantFrom('LIBRARY_CORRUPT' as const, 'LIBRARY_UNAVAILABLE' as const),
    message: fc.constant('no'),
    retryable: fc.boolean(),
    retryDelayMs: fc.constant(30),
  })
  return fc.oneof(
    fc.constant(subscribed),
    fc.boolean().map((busy) => lost({ busy })),
    fc.tuple(taskId, fc.option(setId, { nil: undefined })).map(([id, set]) => launch(id, set)),
    taskId.map((id) => ({ type: 'host.started' as const, taskId: id })),
    taskId.map((id) => ({ type: 'host.exited' as const, taskId: id, outcome: good })),
    taskId.map((id) => ({ type: 'kill.requested' as const, taskId: id })),
    fc
      .tuple(taskId, fc.nat(30))
      .map(([id, seq]) => ({ type: 'update.acknowledged' as const, taskId: id, uuid: `${seq}.0` })),
    setId.map((id) => ({ type: 'manifest.fetched' as const, setId: id, entries })),
    fc
      .tuple(setId, failure)
      .map(([id, why]) => ({ type: 'manifest.failed' as const, setId: id, ...why })),
    fc
      .tuple(setId, name)
      .map(([id, each]) => ({ type: 'library.fetched' as const, setId: id, name: each })),
    fc.tuple(setId, name, failure).map(([id, each, why]) => ({
      type: 'library.failed' as const,
      setId: id,
      name: each,
      ...why,
    })),
    setId.map((id) => ({ type: 'set.installed' as const, setId: id, installed })),
    fc.constant(shutdown),
  )
}
