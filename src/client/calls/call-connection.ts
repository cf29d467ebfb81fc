/**
 * A connection for calls: they are written without waiting for the answers before them (HTTP/1.1
 * pipelining), and answered in their order.
 *
 * Mesos handles the requests of a connection in order, and answers in order. Its own scheduler and
 * executor libraries rely on it.
 * Source: RFC 9112, 9.3.2; apache/mesos 3rdparty/libprocess/src/process.cpp (`handle`: "respects
 * the order of requests to account for HTTP/1.1 pipelining"; `_consume` with `httpSequence`),
 * http_proxy.cpp; src/scheduler/scheduler.cpp, src/executor/executor.cpp (`nonSubscribe.send`).
 */
import type { Socket } from 'node:net'
import type { SchedulerLike, Subscription } from 'rxjs'
import { toReceived } from '../answers/received-answer.ts'
import type { ReceivedAnswer } from '../answers/received-answer.ts'
import type { AnswerHead } from '../http/answer-head.ts'
import { AnswerReader } from '../http/answer-reader.ts'
import { AnswerText } from '../http/answer-text.ts'
import type { Connector } from '../http/connector.ts'
import { HttpFailure, closedError, toFailure } from '../http/http-failure.ts'

export interface CallConnectionOptions<Call> {
  readonly url: URL
  readonly connector: Connector
  /** Maximum time from writing a call to the end of its answer. */
  readonly answerTimeoutMs: number
  readonly scheduler: SchedulerLike
  /** Called with each answer, in the order of the calls. Its text may be cut off. */
  readonly onAnswer: (call: Call, answer: ReceivedAnswer) => void
  /** Called when there may be room for more calls. */
  readonly onRoom: () => void
  /** Called once, at the end, with the calls without an answer, in order. */
  readonly onEnd: (unanswered: readonly Unanswered<Call>[]) => void
}

export interface Unanswered<Call> {
  readonly call: Call
  readonly failure: HttpFailure
}

interface IncomingAnswer {
  readonly head: AnswerHead
  readonly body: AnswerText
}

interface Flight<Call> {
  readonly call: Call
  /** When its answer is late. */
  readonly dueMs: number
}

/** Maximum number of calls without an answer. */
const maxInFlight = 64

export class CallConnection<Call> {
  readonly #options: CallConnectionOptions<Call>
  readonly #socket: Socket
  readonly #reader: AnswerReader
  readonly #flights: Flight<Call>[] = []
  /** The answer to the first call in flight, while it is read. */
  #answer: IncomingAnswer | undefined
  #timer: Subscription | undefined
  #isConnected = false
  /** True after an answer that lets the connection stay open. */
  #isKept = false
  /** True if the connection was idle before the calls in flight, and nothing came since. */
  #isUntouched = false
  #isEnded = false

  constructor(options: CallConnectionOptions<Call>) {
    this.#options = options
    this.#reader = new AnswerReader({
      onHead: (head) => this.#beginAnswer(head),
      onBody: (bytes) => this.#addText(bytes),
      onEnd: () => this.#endAnswer(),
    })
    this.#socket = options.connector.connect(options.url, () => {
      this.#isConnected = true
    })
    this.#listen()
  }

  /** True if no call is in flight. */
  get isIdle(): boolean {
    return this.#flights.length === 0
  }

  /**
   * How many calls may be written now. The first of a connection goes alone: its answer tells
   * whether the server keeps the connection open (RFC 9112, 9.3.2).
   */
  get room(): number {
    if (this.#isEnded || this.#socket.writableNeedDrain) return 0
    return (this.#isKept ? maxInFlight : 1) - this.#flights.length
  }

  /** Writes the bytes of calls, at most `room`. */
  write(calls: readonly Call[], bytes: Uint8Array): void {
    const { answerTimeoutMs, scheduler } = this.#options
    if (this.isIdle) this.#isUntouched = this.#isKept
    const dueMs = scheduler.now() + answerTimeoutMs
    for (const call of calls) this.#flights.push({ call, dueMs })
    this.#timer ??= scheduler.schedule(() => this.#checkTime(), answerTimeoutMs)
    this.#socket.write(bytes)
  }

  /** Closes the connection, and with it the calls in flight. */
  close(): void {
    this.#endWith(closedError())
  }

  #listen(): void {
    this.#socket
      .on('data', (bytes) => this.#read(bytes))
      .on('drain', this.#options.onRoom)
      .on('end', () => {
        this.#reader.finish()
        this.#endWith(closedError())
      })
      .on('error', (error) => this.#endWith(error))
      .on('close', () => this.#endWith(closedError()))
  }

  #read(bytes: Buffer): void {
    this.#isUntouched = false
    try {
      this.#reader.read(bytes)
    } catch (error) {
      this.#end(toFailure(error as Error, true))
    }
    if (this.isIdle && !this.#reader.isBetween) this.#end(unasked())
    else this.#options.onRoom()
  }

  #beginAnswer(head: AnswerHead): void {
    if (this.isIdle) this.#end(unasked())
    else this.#answer = { head, body: new AnswerText() }
  }

  #addText(bytes: Uint8Array): void {
    if (this.#answer?.body.add(bytes) === false) this.#endWith(closedError())
  }

  #endAnswer(): void {
    const isKept = this.#answer?.head.isPersistent ?? false
    this.#settle()
    if (isKept) this.#isKept = true
    // The server reads no further (RFC 9112, 9.6).
    else this.#end(new HttpFailure('unread', 'the connection ended after an earlier answer'))
  }

  #settle(): void {
    const flight = this.#flights.shift()
    const answer = this.#answer
    this.#answer = undefined
    if (flight !== undefined && answer !== undefined)
      this.#options.onAnswer(flight.call, toReceived(answer.head, answer.body.text))
  }

  #checkTime(): void {
    const { answerTimeoutMs, scheduler } = this.#options
    this.#timer = undefined
    const [first] = this.#flights
    if (first === undefined) return
    const leftMs = first.dueMs - scheduler.now()
    if (leftMs > 0) this.#timer = scheduler.schedule(() => this.#checkTime(), leftMs)
    else this.#end(new HttpFailure('timeout', `no answer within ${answerTimeoutMs / 1000} s`))
  }

  /**
   * A call that is `stale` may be sent again at once: a server answers every call before it closes a
   * connection that it keeps. So the connection was idle (time-out of a proxy, forgotten NAT entry),
   * and no call was taken; or the server is gone, and with it the subscription that the calls belong
   * to: then they may have been taken.
   */
  #endWith(error: Error): void {
    const failure = toFailure(error, this.#isConnected)
    const { code } = error as NodeJS.ErrnoException
    const isClosed = code === 'ECONNRESET' || code === 'EPIPE'
    if (!isClosed || !this.#isUntouched) this.#end(failure)
    else this.#end(new HttpFailure('stale', 'the kept connection was closed', error))
  }

  #end(failure: HttpFailure): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#timer?.unsubscribe()
    this.#socket.destroy()
    const [first] = this.#flights
    // Its status is what matters of an answer.
    if (this.#answer !== undefined) this.#settle()
    const unanswered = this.#flights.splice(0).map((flight) => ({
      call: flight.call,
      failure: failure.kind === 'timeout' && flight !== first ? behindLate() : failure,
    }))
    this.#options.onEnd(unanswered)
  }
}

function unasked(): HttpFailure {
  return new HttpFailure('broken', 'an answer came without a call')
}

function behindLate(): HttpFailure {
  return new HttpFailure('broken', 'the answer to a call before it was late')
}
