import type { MonoTypeOperatorFunction, Observable, SchedulerLike } from 'rxjs'
import type { JarcastError } from '../errors.ts'
import type { Codec, MediaType } from '../mesos/codec.ts'
import { monotonicScheduler } from '../streams/monotonic-scheduler.ts'
import type { Api } from './answers/classify-answer.ts'
import type { HttpCall } from './http/http-call.ts'
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
  /** A longer event is refused with `FRAME_TOO_LARGE`. Default: that of `createRecordDecoder`. */
  readonly maxFrameBytes?: number
  /**
   * How long an answer may take, and the first event, in ms. Default 75_000 (5 heartbeats of 15 s).
   */
  readonly callTimeoutMs?: number
  /** How long a TCP and TLS handshake may take, in ms. Default 10_000. */
  readonly connectTimeoutMs?: number
  /**
   * How many calls may wait for the one in progress before those that may get lost are refused.
   * Default 10_000.
   */
  readonly maxWaitingCalls?: number
  /**
   * Called with an event that is refused (`FRAME_TOO_LARGE`, `MESSAGE_INVALID`) and skipped, and
   * with its bytes if they were read.
   * Default: it ends the stream.
   */
  readonly onRefused?: (error: JarcastError, record?: Uint8Array) => void
  /**
   * Pauses reading of the event stream while earlier events are in progress. Default: never pauses.
   */
  readonly readOn?: ReadOn
}

/** What tells one API from the other. */
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
   * True for a call that changes nothing when it is taken a second time: only that is sent again
   * when it got lost.
   */
  readonly isRepeatable: (call: Call) => boolean
  /**
   * True for a call that may get lost: refused when too many wait. All others follow from events,
   * which `readOn` limits.
   */
  readonly isBestEffort: (call: Call) => boolean
  /** Called with every event, including HEARTBEAT, and when reading pauses. */
  readonly watch: (isPaused$: Observable<boolean>) => MonoTypeOperatorFunction<Event>
}

/** The bounds of one HTTP call. */
export type Limits = Required<Pick<HttpCall, 'connectTimeoutMs' | 'answerTimeoutMs' | 'scheduler'>>

/** The bounds under these options, with their defaults. */
export function limitsOf(options: ConnectionOptions): Limits {
  const {
    connectTimeoutMs = 10_000,
    callTimeoutMs = 75_000,
    scheduler = monotonicScheduler,
  } = options
  return { connectTimeoutMs, answerTimeoutMs: callTimeoutMs, scheduler }
}

/** What every call carries; the answer's media type follows Accept, not Content-Type. */
export function headersOf<Call, Event>({
  codec,
  authorization,
}: Endpoint<Call, Event>): Readonly<Record<string, string>> {
  return {
    'Content-Type': codec.mediaType,
    Accept: codec.mediaType,
    ...(authorization === undefined ? {} : { Authorization: authorization }),
  }
}

/** Where calls to `server` go; a path that it has stays in front. */
export function callUrl(server: URL, path: string): URL {
  const url = new URL(server)
  url.pathname = server.pathname.replace(/\/+$/, '') + path
  return url
}
