import type { MonoTypeOperatorFunction, Observable, SchedulerLike } from 'rxjs'
import { defined } from '../defined.ts'
import type { JarcastError } from '../errors.ts'
import type { Codec, MediaType } from '../mesos/codec.ts'
import { monotonicScheduler } from '../streams/monotonic-scheduler.ts'
import type { Api } from './answers/classify-answer.ts'
import type { ReadOn } from './http/read-body.ts'
import type { ServerSource } from './servers/server-source.ts'
import type { TlsSettings } from './http/tls.ts'

export interface ConnectionOptions {
  /** Encoding of calls and events. Default `application/x-protobuf`. */
  readonly mediaType?: MediaType
  /** Draws the jitter of the back-off, in [0, 1). Default `Math.random`. */
  readonly random?: () => number
  /** Runs every timer. Default `monotonicScheduler`. */
  readonly scheduler?: SchedulerLike
  /** Longer events are refused with `FRAME_TOO_LARGE`. Default as in `createRecordDecoder`. */
  readonly maxFrameBytes?: number
  /** Maximum time for an answer, and for the first event. Default 75_000 (5 heartbeats of 15 s). */
  readonly callTimeoutMs?: number
  /** Maximum time for the TCP and TLS handshakes. Default 10_000. */
  readonly connectTimeoutMs?: number
  /**
   * Maximum number of waiting calls; above it, best-effort calls (`isBestEffort`) are refused.
   * Default 10_000.
   */
  readonly maxWaitingCalls?: number
  /**
   * Called with each refused event (`FRAME_TOO_LARGE`, `MESSAGE_INVALID`), which is then skipped,
   * and with its bytes if they were read. Default: the stream ends with the error.
   */
  readonly onRefused?: (error: JarcastError, record?: Uint8Array) => void
  /**
   * Pauses reading of the event stream while earlier events are in progress. Default: never pauses.
   */
  readonly readOn?: ReadOn
}

/** The differences between the scheduler API and the executor API. */
export interface Endpoint<Call, Event> {
  readonly api: Api
  /** Path below each server's URL. */
  readonly path: string
  readonly servers: ServerSource
  readonly codec: Codec<Call, Event>
  /** For servers whose URL is https. */
  readonly tls: TlsSettings
  /** Value of the Authorization header; a secret. */
  readonly authorization: string | undefined
  /**
   * True for a call without a further effect the second time. Only these calls are sent again when
   * they may have been taken.
   */
  readonly isRepeatable: (call: Call) => boolean
  /** How often a call is sent at most. */
  readonly maxAttempts: number
  /** True for a call whose answer later calls wait for. */
  readonly isBarrier: (call: Call) => boolean
  /**
   * True for a call that may get lost. It is refused if too many wait. All other calls follow from
   * events, which `readOn` limits.
   */
  readonly isBestEffort: (call: Call) => boolean
  /** Called with every event, including HEARTBEAT, and when reading pauses. */
  readonly watch: (isPaused$: Observable<boolean>) => MonoTypeOperatorFunction<Event>
}

/** The time limits of one call. */
export interface Limits {
  /** Maximum time for the TCP and TLS handshakes. */
  readonly connectTimeoutMs: number
  /** Maximum time for an answer. */
  readonly answerTimeoutMs: number
  readonly scheduler: SchedulerLike
}

export function limitsOf(options: ConnectionOptions): Limits {
  const {
    connectTimeoutMs = 10_000,
    callTimeoutMs = 75_000,
    scheduler = monotonicScheduler,
  } = options
  return { connectTimeoutMs, answerTimeoutMs: callTimeoutMs, scheduler }
}

/** Headers of every call. The answer has the media type of Accept, not of Content-Type. */
export function headersOf<Call, Event>({
  codec,
  authorization,
}: Endpoint<Call, Event>): Readonly<Record<string, string>> {
  return {
    'Content-Type': codec.mediaType,
    Accept: codec.mediaType,
    ...defined({ Authorization: authorization }),
  }
}

/** The URL of calls to `server`, below the server's own path. */
export function callUrl(server: URL, path: string): URL {
  const url = new URL(server)
  url.pathname = server.pathname.replace(/\/+$/, '') + path
  return url
}
