import { NEVER, Subject, of, throwError } from 'rxjs'
import type { Observable } from 'rxjs'
import { beforeEach, describe, expect, it } from 'vitest'
import type { SchedulerConnection } from '../../../src/client/scheduler-connection.ts'
import { JarcastError } from '../../../src/errors.ts'
import { performEffects } from '../../../src/framework/performer/performer.ts'
import type {
  PerformedEffect,
  PerformerOptions,
} from '../../../src/framework/performer/performer.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import type { SchedulerCall, SchedulerEvent } from '../../../src/mesos/types.generated.ts'

const frameworkId = { value: 'f1' }
const call: SchedulerCall = { type: 'REVIVE', frameworkId, revive: {} }
const teardown: SchedulerCall = { type: 'TEARDOWN', frameworkId }
const subscribe = { type: 'fx.subscribe', params: { framework: {}, attempt: 0 } } as const
const unreachable = new JarcastError('MASTER_UNREACHABLE', 'no route', { retryable: true })

/** Every request of the performer, in order. */
let done: string[]
let events: SchedulerInboxEvent[]
let errors: unknown[]
let isComplete: boolean

beforeEach(() => {
  done = []
  events = []
  errors = []
  isComplete = false
})

interface Outside {
  readonly subscribe?: (attempt: number) => Observable<SchedulerEvent>
  readonly send?: (call: SchedulerCall) => Promise<void>
  readonly start?: (url: string | undefined) => Promise<never>
  readonly stop?: () => Promise<void>
  readonly prepareRuntime?: () => Promise<void>
}

const executor = { command: {}, resources: {}, name: 'with Node.js' }

/** The pipeline, with parts that only note what is asked of them. */
function given(outside: Outside = {}, options: Partial<PerformerOptions> = {}) {
  const effects = new Subject<PerformedEffect>()
  const connection: SchedulerConnection = {
    subscribe(_, attempt) {
      done.push(`subscribe ${attempt}`)
      return outside.subscribe?.(attempt) ?? NEVER
    },
    async send(sent) {
      done.push(`send ${sent.type}`)
      await outside.send?.(sent)
    },
    localAddress: undefined,
    masterUrl: 'http://m1:5050',
    async close() {
      done.push('close')
    },
  }
  const deliveryServer: PerformerOptions['deliveryServer'] = {
    async start(url) {
      done.push(`start ${url}`)
      await outside.start?.(url)
      return { url: 'http://jars', delivery: {} }
    },
    async stop() {
      done.push('stop')
      await outside.stop?.()
    },
    async prepareRuntime(platform) {
      done.push(`prepare ${platform}`)
      await outside.prepareRuntime?.()
      return { platform, version: '24.0.0', sizeBytes: 5, executor }
    },
    release: (sets) => void done.push(`release ${sets.length}`),
    server: undefined,
  }
  const subscription = effects
    .pipe(performEffects({ connection, deliveryServer, ...options }))
    .subscribe({
      next: (event) => events.push(event),
      error: (error: unknown) => errors.push(error),
      complete: () => (isComplete = true),
    })
  const perform = (type: PerformedEffect['type'], params: unknown = {}) =>
    effects.next({ type, params })
  return { effects, perform, subscription }
}

const types = () => events.map(({ type }) => type)
const settle = () => new Promise(setImmediate)

/** A promise that ends when told, and how often it was asked for. */
function gate() {
  let open: () => void = () => undefined
  const passed = new Promise<void>((resolve) => (open = resolve))
  return { open, passed: () => passed }
}

describe('fx.subscribe', () => {
  it('gives the events of the stream to the machine, as entries', () => {
    const subscribed: SchedulerEvent = { type: 'SUBSCRIBED', subscribed: { frameworkId } }
    const { effects } = given({ subscribe: () => of(subscribed) })
    effects.next(subscribe)
    expect(events).toEqual([
      { type: 'mesos.subscribed', frameworkId: 'f1', master: 'http://m1:5050' },
    ])
  })

  it('gives them to an intake in place of that, and the end of the stream after them', () => {
    const taken: string[] = []
    const error: SchedulerEvent = { type: 'ERROR', error: { message: 'no' } }
    const intake: PerformerOptions['intake'] = {
      take: ({ type }, master) => void taken.push(`${type} of ${master}`),
      pass: ({ type }) => void taken.push(type),
    }
    const streams = [of(error), throwError(() => unreachable)]
    const { effects } = given({ subscribe: () => streams.shift() ?? NEVER }, { intake })
    effects.next(subscribe)
    effects.next(subscribe)
    expect(taken).toEqual(['ERROR of http://m1:5050', 'connection.lost'])
    expect(events).toEqual([])
  })

  it('turns errors into connection.lost, also those that are not jarcast’s', () => {
    const failures = [unreachable, new TypeError('odd')]
    const { effects } = given({ subscribe: () => throwError(() => failures.shift()) })
    effects.next(subscribe)
    effects.next(subscribe)
    expect(events).toEqual([
      { type: 'connection.lost', code: 'MASTER_UNREACHABLE', message: 'no route', retryable: true },
      {
        type: 'connection.lost',
        code: 'FRAMEWORK_FAILED',
        message: 'TypeError: odd',
        retryable: false,
      },
    ])
  })

  it('ends one stream before it dials the next', () => {
    const streams = [new Subject<SchedulerEvent>(), new Subject<SchedulerEvent>()]
    const [first, second] = streams
    const { effects, subscription } = given({ subscribe: (attempt) => streams[attempt] ?? NEVER })
    effects.next(subscribe)
    expect(first?.observed).toBe(true)
    effects.next({ ...subscribe, params: { framework: {}, attempt: 1 } })
    expect([first?.observed, second?.observed]).toEqual([false, true])
    subscription.unsubscribe()
    expect(second?.observed).toBe(false)
  })
})

describe('fx.call', () => {
  it('sends calls side by side, in order, without an event for success', async () => {
    const answer = gate()
    const { perform } = given({ send: answer.passed })
    perform('fx.call', call)
    perform('fx.call', { ...call, type: 'SUPPRESS', suppress: {} })
    await settle()
    expect(done).toEqual(['send REVIVE', 'send SUPPRESS'])
    answer.open()
    await settle()
    expect(events).toEqual([])
  })

  it('reports that an UPDATE_FRAMEWORK was accepted', async () => {
    const frameworkInfo = { user: 'u', name: 'n', id: frameworkId }
    given().perform('fx.call', {
      type: 'UPDATE_FRAMEWORK',
      frameworkId,
      updateFramework: { frameworkInfo },
    })
    await settle()
    expect(events).toEqual([
      { type: 'framework.updated', description: { framework: { user: 'u', name: 'n' } } },
    ])
  })

  it('turns a failure into call.failed, and continues', async () => {
    const { perform } = given({ send: () => Promise.reject(unreachable) })
    perform('fx.call', call)
    perform('fx.call', call)
    await settle()
    expect(events).toMatchObject([
      { type: 'call.failed', call: 'REVIVE', outcome: 'unsent', code: 'MASTER_UNREACHABLE' },
      { type: 'call.failed' },
    ])
  })

  it('turns a throw before the call into call.failed', async () => {
    const deliveryServer = {
      start: () => Promise.reject(unreachable),
      stop: () => Promise.resolve(),
      prepareRuntime: () => Promise.reject(unreachable),
      release: () => undefined,
      get server(): never {
        throw new TypeError('no key')
      },
    }
    given({}, { deliveryServer }).perform('fx.call', call)
    await settle()
    expect(events).toMatchObject([{ type: 'call.failed', message: 'TypeError: no key' }])
  })

  it('counts calls that wait for an answer', async () => {
    const answer = gate()
    let waiting = 0
    const readWindow = { callBegan: () => (waiting += 1), callEnded: () => (waiting -= 1) }
    const { perform } = given(
      { send: () => answer.passed().then(() => Promise.reject(unreachable)) },
      { readWindow },
    )
    perform('fx.call', call)
    perform('fx.call', call)
    expect(waiting).toBe(2)
    answer.open()
    await settle()
    expect(waiting).toBe(0)
  })
})

describe('the jar server', () => {
  it('is started at its previous address, and its start or failure is an event', async () => {
    given().perform('fx.startJarServer', { url: 'http://old' })
    await settle()
    expect(done).toEqual(['start http://old'])
    expect(events).toEqual([{ type: 'jarServer.started', url: 'http://jars', delivery: {} }])
    const failing = given({ start: () => Promise.reject(unreachable) })
    failing.perform('fx.startJarServer', { url: undefined })
    await settle()
    expect(events.at(-1)).toMatchObject({ type: 'jarServer.failed', code: 'MASTER_UNREACHABLE' })
  })

  it('gets a Node.js to serve for a platform, or the reason why not', async () => {
    const params = { platform: 'linux-arm64' }
    given().perform('fx.prepareRuntime', params)
    await settle()
    expect(done).toEqual(['prepare linux-arm64'])
    expect(events).toEqual([
      { type: 'runtime.prepared', ...params, version: '24.0.0', sizeBytes: 5, executor },
    ])
    const failing = given({ prepareRuntime: () => Promise.reject(unreachable) })
    failing.perform('fx.prepareRuntime', params)
    await settle()
    expect(events.at(-1)).toEqual({
      type: 'runtime.failed',
      ...params,
      code: 'MASTER_UNREACHABLE',
      message: 'no route',
    })
  })

  it('is stopped only after its start has ended', async () => {
    const listening = gate()
    const { perform } = given({ start: () => listening.passed() as Promise<never> })
    perform('fx.startJarServer', { url: undefined })
    perform('fx.stopJarServer')
    await settle()
    expect(done).toEqual(['start undefined'])
    listening.open()
    await settle()
    expect(done).toEqual(['start undefined', 'stop'])
    expect(types()).toEqual(['jarServer.started', 'jarServer.stopped'])
  })

  it('releases sets without a result', () => {
    given().perform('fx.releaseSets', { sets: [{ id: 's1', libraries: [] }] })
    expect([done, events]).toEqual([['release 1'], []])
  })
})

describe('fx.close', () => {
  it('sends the TEARDOWN, ends the stream, then closes the connection', async () => {
    const stream = new Subject<SchedulerEvent>()
    const answer = gate()
    const { effects, perform } = given({ subscribe: () => stream, send: answer.passed })
    effects.next(subscribe)
    perform('fx.close', { call: teardown })
    await settle()
    expect(done).toEqual(['subscribe 0', 'send TEARDOWN'])
    expect(stream.observed).toBe(true)
    answer.open()
    await settle()
    expect(done.at(-1)).toBe('close')
    expect(stream.observed).toBe(false)
    expect(types()).toEqual(['framework.closed'])
  })

  it('does not report that the master ends the stream meanwhile', async () => {
    const stream = new Subject<SchedulerEvent>()
    const answer = gate()
    const { effects, perform } = given({ subscribe: () => stream, send: answer.passed })
    effects.next(subscribe)
    perform('fx.close', { call: teardown })
    stream.error(unreachable)
    answer.open()
    await settle()
    expect(types()).toEqual(['framework.closed'])
  })

  it('sends nothing when detached, and closes although the TEARDOWN fails', async () => {
    given().perform('fx.close', { call: undefined })
    await settle()
    expect(done).toEqual(['close'])
    given({ send: () => Promise.reject(unreachable) }).perform('fx.close', { call: teardown })
    await settle()
    expect(types()).toEqual(['framework.closed', 'framework.closed'])
  })

  it('ignores another close meanwhile', async () => {
    const answer = gate()
    const { perform } = given({ send: answer.passed })
    perform('fx.close', { call: teardown })
    perform('fx.close', { call: teardown })
    answer.open()
    await settle()
    expect(done).toEqual(['send TEARDOWN', 'close'])
  })

  it('does not report the calls that it ends', async () => {
    const answer = gate()
    const fail = () => answer.passed().then(() => Promise.reject(unreachable))
    const { perform } = given({
      send: ({ type }) => (type === 'REVIVE' ? fail() : Promise.resolve()),
    })
    perform('fx.call', call)
    perform('fx.close', { call: teardown })
    answer.open()
    await settle()
    expect(types()).toEqual(['framework.closed'])
  })
})

describe('the pipeline', () => {
  it('errors for an effect that nothing performs, and ends the stream', () => {
    const stream = new Subject<SchedulerEvent>()
    const { effects, perform } = given({ subscribe: () => stream })
    effects.next(subscribe)
    perform('fx.dance')
    expect(errors).toMatchObject([
      { code: 'FRAMEWORK_FAILED', message: 'nothing performs the effect fx.dance' },
    ])
    expect(stream.observed).toBe(false)
  })

  it('drops the results of calls after unsubscription', async () => {
    const { perform, subscription } = given({ send: () => Promise.reject(unreachable) })
    perform('fx.call', call)
    subscription.unsubscribe()
    await settle()
    expect(events).toEqual([])
  })

  it('completes after the source, once all is performed', async () => {
    const answer = gate()
    const { effects, perform } = given({ send: answer.passed })
    effects.next(subscribe)
    perform('fx.close', { call: teardown })
    effects.complete()
    expect(isComplete).toBe(false)
    answer.open()
    await settle()
    expect([isComplete, types()]).toEqual([true, ['framework.closed']])
  })
})
