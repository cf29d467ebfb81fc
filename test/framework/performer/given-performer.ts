/** The pipeline of a framework's effects, with parts that only note what is asked of them. */
import { NEVER, Subject } from 'rxjs'
import type { Observable } from 'rxjs'
import type { SchedulerConnection } from '../../../src/client/scheduler-connection.ts'
import { createDeferred } from '../../../src/deferred.ts'
import { JarcastError } from '../../../src/errors.ts'
import { performEffects } from '../../../src/framework/performer/performer.ts'
import type {
  PerformedEffect,
  PerformerOptions,
} from '../../../src/framework/performer/performer.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import type { SchedulerCall, SchedulerEvent } from '../../../src/mesos/types.generated.ts'

export const frameworkId = { value: 'f1' }
export const call: SchedulerCall = { type: 'REVIVE', frameworkId, revive: {} }
export const teardown: SchedulerCall = { type: 'TEARDOWN', frameworkId }
export const subscribe = { type: 'fx.subscribe', params: { framework: {}, attempt: 0 } } as const
export const unreachable = new JarcastError('MASTER_UNREACHABLE', 'no route', { retryable: true })

interface Outside {
  readonly subscribe?: (attempt: number) => Observable<SchedulerEvent>
  readonly send?: (call: SchedulerCall) => Promise<void>
  readonly start?: (url: string | undefined) => Promise<never>
  readonly stop?: () => Promise<void>
  readonly prepareRuntime?: () => Promise<void>
}

export const executor = { command: {}, resources: {}, name: 'with Node.js' }

export function given(outside: Outside = {}, options: Partial<PerformerOptions> = {}) {
  const effects = new Subject<PerformedEffect>()
  /** Every request of the performer, in order. */
  const done: string[] = []
  const events: SchedulerInboxEvent[] = []
  const errors: unknown[] = []
  let isComplete = false
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
  return {
    effects,
    perform,
    subscription,
    done,
    events,
    errors,
    types: () => events.map(({ type }) => type),
    isComplete: () => isComplete,
  }
}

export const settle = () => new Promise(setImmediate)

/** A promise that resolves when told. */
export function gate() {
  const deferred = createDeferred<void>()
  return { open: () => deferred.resolve(), passed: () => deferred.promise }
}
