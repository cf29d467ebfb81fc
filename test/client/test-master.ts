/** A master with real sockets, and connections to it that a test closes. */
import type { Observable } from 'rxjs'
import { connectScheduler } from '../../src/client/scheduler-connection.ts'
import type {
  SchedulerConnection,
  SchedulerConnectionOptions,
} from '../../src/client/scheduler-connection.ts'
import type { JarcastError } from '../../src/errors.ts'
import { schedulerCodec } from '../../src/mesos/codec.ts'
import { encodeRecord } from '../../src/mesos/recordio.ts'
import type { SchedulerCall, SchedulerEvent } from '../../src/mesos/types.generated.ts'
import { openStream, startServer } from './replay-server.ts'
import type { Handler, ReplayServer } from './replay-server.ts'

export const frameworkId = { value: 'f-1' }
export const frameworkInfo = { user: 'root', name: 'test' }
export const subscribe: SchedulerCall = { type: 'SUBSCRIBE', subscribe: { frameworkInfo } }
export const revive: SchedulerCall = { type: 'REVIVE', frameworkId }
export const kill = (id: string): SchedulerCall => ({
  type: 'KILL',
  frameworkId,
  kill: { taskId: { value: id } },
})
export const message = (data: string): SchedulerCall => ({
  type: 'MESSAGE',
  frameworkId,
  message: { agentId: { value: 'a' }, executorId: { value: 'e' }, data },
})
export const codec = schedulerCodec('application/x-protobuf')
const record = (event: SchedulerEvent) => encodeRecord(codec.encodeEvent(event))
export const subscribed = (heartbeatIntervalSeconds: number) =>
  record({ type: 'SUBSCRIBED', subscribed: { frameworkId, heartbeatIntervalSeconds } })
export const heartbeat = record({ type: 'HEARTBEAT' })
export const errorEvent = record({ type: 'ERROR', error: { message: 'Framework failed over' } })

const closers: (() => Promise<void>)[] = []
/** Closes servers and connections, the last one first. For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).toReversed()) await close()
}

export async function serve(
  handler: Handler,
  listen?: { readonly host?: string; readonly port?: number },
): Promise<ReplayServer> {
  const server = await startServer(handler, listen)
  closers.push(server.close)
  return server
}

export function connect(
  masters: string | readonly string[],
  options?: SchedulerConnectionOptions,
): SchedulerConnection {
  const connection = connectScheduler(masters, { random: () => 0, ...options })
  closers.push(connection.close)
  return connection
}

/** Everything a stream emits, and the error it ends with. */
export function collect(events$: Observable<SchedulerEvent>) {
  return new Promise<{ events: SchedulerEvent[]; error: JarcastError }>((resolve, reject) => {
    const events: SchedulerEvent[] = []
    events$.subscribe({
      next: (event) => events.push(event),
      error: (error: JarcastError) => resolve({ events, error }),
      complete: () => reject(new Error('a stream of events never completes')),
    })
  })
}

/** Subscribes and waits until the first event is there; the stream stays open. */
export async function subscribeAt(connection: SchedulerConnection): Promise<() => void> {
  let end = (): void => undefined
  await new Promise<void>((resolve, reject) => {
    const subscription = connection
      .subscribe(subscribe, 0)
      .subscribe({ next: () => resolve(), error: reject })
    end = () => subscription.unsubscribe()
  })
  return end
}

/** A master that streams SUBSCRIBED and answers calls by `handler`. */
export function masterThat(handler: Handler): Handler {
  return (seen, response) => {
    if (codec.decodeCall(seen.body).type !== 'SUBSCRIBE') return handler(seen, response)
    openStream(response)
    response.write(subscribed(15))
  }
}

export const accept: Handler = (_, response) => {
  response.writeHead(202, { 'Content-Length': 0 }).end()
}

export const callsOf = (server: ReplayServer) =>
  server.seen
    .map(({ body }) => codec.decodeCall(body))
    .filter(({ type }) => type !== 'SUBSCRIBE')
    .map((call) => (call.type === 'KILL' ? call.kill.taskId.value : call.type))
