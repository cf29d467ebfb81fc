/**
 * The calls of one subscription: sent in order, without waiting for answers, and again when that
 * may help.
 *
 * When a call is to be sent again, new ones wait until those in flight are answered. Then it is
 * sent after a back-off, before those that wait, and with it the repeatable ones that were in
 * flight behind it, even accepted ones: so a late SUPPRESS never undoes the REVIVE after it.
 */
import type { SchedulerLike, Subscription } from 'rxjs'
import { JarcastError } from '../../errors.ts'
import { backOffMs } from '../../retry-policy.ts'
import type { BackOffOptions } from '../../retry-policy.ts'
import type { ReceivedAnswer } from '../answers/received-answer.ts'
import type { Connector } from '../http/connector.ts'
import { postBytes, postHead } from '../http/request-head.ts'
import { CallConnection } from './call-connection.ts'
import type { Unanswered } from './call-connection.ts'
import { noteFailure, settle } from './call-job.ts'
import type { CallJob } from './call-job.ts'
import { mayRepeat } from './call-retry-policy.ts'

export interface CallLineOptions<Call> extends BackOffOptions {
  readonly url: URL
  /** Headers of each call. */
  readonly headers: Readonly<Record<string, string>>
  readonly connector: Connector
  readonly answerTimeoutMs: number
  readonly scheduler: SchedulerLike
  /** Maximum number of waiting calls; above it, best-effort calls are refused. Default 10_000. */
  readonly maxWaiting?: number
  readonly encode: (call: Call) => Uint8Array
  readonly isBestEffort: (call: Call) => boolean
  /** True for a call without a further effect the second time. */
  readonly isRepeatable: (call: Call) => boolean
  /** How often a call is sent at most. */
  readonly maxAttempts: number
  /** True for a call whose answer later calls wait for. */
  readonly isBarrier: (call: Call) => boolean
  /** Why an answer refuses a call; undefined if it accepts it. */
  readonly refusalOf: (call: Call, answer: ReceivedAnswer) => JarcastError | undefined
  /** Why a call has no answer. */
  readonly failureOf: (call: Call, failure: unknown) => JarcastError
}

/** The errors of calls whose subscription ends before their answer. */
export interface LineEnd<Call> {
  readonly notSent: (call: Call) => JarcastError
  readonly interrupted: (call: Call) => JarcastError
}

const notTried = { failures: 0, maybeTaken: false, outcome: undefined }
/** One write has calls of about this size. */
const writeBytes = 64 * 1024

/** Connects at the first call. */
export class CallLine<Call> {
  readonly #options: CallLineOptions<Call>
  readonly #head: Buffer
  readonly #waiting: CallJob<Call>[] = []
  /** In order, to be sent again before those that wait. The first of them failed. */
  readonly #again: CallJob<Call>[] = []
  /** The call in flight whose answer later ones wait for. */
  #barrier: CallJob<Call> | undefined
  #connection: CallConnection<CallJob<Call>> | undefined
  #backOff: Subscription | undefined
  #turn: NodeJS.Immediate | undefined
  #end: LineEnd<Call> | undefined

  constructor(options: CallLineOptions<Call>) {
    this.#options = options
    this.#head = postHead(options.url, options.headers)
  }

  /**
   * Resolves when the call is accepted. Rejects with the last error after `maxAttempts`; at once if
   * it is not retryable, or if the call may have been taken and is not repeatable.
   * `CALL_QUEUE_FULL` (retryable).
   */
  send(call: Call): Promise<void> {
    const { isBestEffort, maxWaiting = 10_000 } = this.#options
    if (this.#end !== undefined) return Promise.reject(this.#end.notSent(call))
    if (this.#waiting.length >= maxWaiting && isBestEffort(call))
      return Promise.reject(queueFull(maxWaiting))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, resolve, reject, ...notTried })
      this.#writeSoon()
    })
  }

  /** Ends every call, and closes the connection. */
  end(end: LineEnd<Call>): void {
    if (this.#end !== undefined) return
    this.#end = end
    clearImmediate(this.#turn)
    this.#backOff?.unsubscribe()
    this.#connection?.close()
    for (const job of [...this.#again, ...this.#waiting])
      settle(job, job.outcome ?? (job.maybeTaken ? end.interrupted : end.notSent)(job.call))
  }

  /** Calls of one turn of the event loop share a write. */
  #writeSoon(): void {
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined
      this.#write()
    })
  }

  #write(): void {
    if (this.#end !== undefined || this.#backOff !== undefined) return
    if (this.#again.length > 0) this.#sendAgainLater()
    else if (this.#waiting.length > 0) {
      this.#connection ??= this.#connect()
      this.#fill(this.#connection)
    }
  }

  #sendAgainLater(): void {
    const isIdle = this.#connection?.isIdle ?? true
    const [first] = this.#again
    if (!isIdle || first === undefined) return
    const { scheduler } = this.#options
    this.#backOff = scheduler.schedule(
      () => {
        this.#backOff = undefined
        this.#waiting.unshift(...this.#again.splice(0))
        this.#write()
      },
      backOffMs(first.failures, this.#options),
    )
  }

  #connect(): CallConnection<CallJob<Call>> {
    return new CallConnection({
      ...this.#options,
      onAnswer: (job, answer) => this.#finish(job, this.#options.refusalOf(job.call, answer)),
      onRoom: () => this.#writeSoon(),
      onEnd: (unanswered) => this.#disconnected(unanswered),
    })
  }

  #fill(connection: CallConnection<CallJob<Call>>): void {
    const jobs: CallJob<Call>[] = []
    const bodies: Uint8Array[] = []
    let bytes = 0
    let taken = 0
    while (jobs.length < connection.room && bytes < writeBytes && this.#barrier === undefined) {
      const job = this.#waiting[taken]
      if (job === undefined) break
      taken += 1
      const body = this.#encode(job)
      if (body === undefined) continue
      jobs.push(job)
      bodies.push(body)
      bytes += body.length
      if (this.#options.isBarrier(job.call)) this.#barrier = job
    }
    // All at once: `shift` moves the rest of a long array each time.
    this.#waiting.splice(0, taken)
    if (jobs.length > 0) connection.write(jobs, postBytes(this.#head, bodies))
  }

  #encode(job: CallJob<Call>): Uint8Array | undefined {
    const { encode, failureOf } = this.#options
    try {
      return encode(job.call)
    } catch (error) {
      job.reject(failureOf(job.call, error))
      return undefined
    }
  }

  #finish(job: CallJob<Call>, failed: JarcastError | undefined): void {
    if (job === this.#barrier) this.#barrier = undefined
    const error = failed && noteFailure(job, failed)
    job.outcome = error ?? 'accepted'
    if (this.#isToRepeat(job, error)) this.#again.push(job)
    else settle(job, job.outcome)
  }

  #isToRepeat({ call, failures }: CallJob<Call>, error: JarcastError | undefined): boolean {
    const isRepeatable = this.#options.isRepeatable(call)
    return error === undefined
      ? this.#again.length > 0 && isRepeatable
      : failures < this.#options.maxAttempts && mayRepeat(error, isRepeatable)
  }

  /** A call that was accepted before stays so. */
  #interrupt(job: CallJob<Call>, { interrupted }: LineEnd<Call>): void {
    settle(job, job.outcome === 'accepted' ? job.outcome : interrupted(job.call))
  }

  #disconnected(unanswered: readonly Unanswered<CallJob<Call>>[]): void {
    this.#connection = undefined
    this.#barrier = undefined
    const next: CallJob<Call>[] = []
    for (const { call: job, failure } of unanswered) {
      job.maybeTaken ||= failure.kind === 'stale'
      if (this.#end !== undefined) this.#interrupt(job, this.#end)
      else if (failure.kind === 'stale' || failure.kind === 'unread') next.push(job)
      else this.#finish(job, this.#options.failureOf(job.call, failure))
    }
    this.#waiting.unshift(...next)
    this.#writeSoon()
  }
}

function queueFull(maxWaiting: number): JarcastError {
  return new JarcastError('CALL_QUEUE_FULL', `${maxWaiting} calls already wait to be sent`, {
    retryable: true,
    details: { maxWaiting },
  })
}
