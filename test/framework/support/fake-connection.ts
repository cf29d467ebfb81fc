import { Observable, Subject } from 'rxjs'
import type {
  SchedulerConnection,
  SchedulerConnectionOptions,
} from '../../../src/client/scheduler-connection.ts'
import type { SchedulerCall, SchedulerEvent } from '../../../src/mesos/types.generated.ts'

/** A master without sockets: a test emits its events, and looks at the calls. */
export interface FakeMaster {
  /** In place of `connectScheduler`. */
  readonly connect: (
    masters: string | readonly string[],
    options?: SchedulerConnectionOptions,
  ) => SchedulerConnection
  /** Given by the last `connect`. */
  readonly options: SchedulerConnectionOptions
  readonly calls: readonly SchedulerCall[]
  /** Streams that are open. */
  readonly streams: number
  readonly isClosed: boolean
  emit(event: SchedulerEvent): void
  lose(error: unknown): void
}

export function fakeMaster(refuse?: (call: SchedulerCall) => Error | undefined): FakeMaster {
  const calls: SchedulerCall[] = []
  let events = new Subject<SchedulerEvent>()
  let given: SchedulerConnectionOptions = {}
  let streams = 0
  let isClosed = false
  return {
    connect(_, options = {}) {
      given = options
      return {
        subscribe(call) {
          calls.push(call)
          events = new Subject()
          const own = events
          return new Observable((subscriber) => {
            streams += 1
            subscriber.add(() => (streams -= 1))
            return own.subscribe(subscriber)
          })
        },
        async send(call) {
          calls.push(call)
          const error = refuse?.(call)
          if (error !== undefined) throw error
        },
        localAddress: '127.0.0.1',
        masterUrl: 'http://m1:5050',
        async close() {
          isClosed = true
        },
      }
    },
    get options() {
      return given
    },
    calls,
    get streams() {
      return streams
    },
    get isClosed() {
      return isClosed
    },
    emit: (event) => events.next(event),
    lose: (error) => events.error(error),
  }
}

export const subscribed: SchedulerEvent = {
  type: 'SUBSCRIBED',
  subscribed: { frameworkId: { value: 'f1' } },
}

/** Lets promises and microtasks go on. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
