/**
 * A connection whose requests are all known. The first that is not goes to node:http, with the
 * connection.
 */
import type { Socket } from 'node:net'
import { readBytes } from '../blobs/blob.ts'
import type { FirstBytesOf } from './first-bytes.ts'
import type { FastAnswer, FastAnswers, FastClient } from './fast-answers.ts'

export interface FastConnectionOptions {
  readonly answers: FastAnswers
  readonly firstBytesOf: FirstBytesOf
  /** A connection without traffic is closed after this time. */
  readonly idleTimeoutMs: number
  /** Time for the head of the first request. */
  readonly headersTimeoutMs: number
  /** Time between two requests. */
  readonly keepAliveMs: number
  /** True if the connection must be closed after the next answer. */
  readonly isStopping: () => boolean
  readonly onBegin: () => void
  readonly onEnd: () => void
  /** Hands the connection to node:http; `unread`: bytes that it has not answered. */
  readonly onUnknown: (unread: Buffer) => void
  readonly onGone: () => void
}

/**
 * `waiting` for a request; `preparing` its answer; `sending` it; `gone`: closed, or with node:http.
 */
type Phase = 'waiting' | 'preparing' | 'sending' | 'gone'

/**
 * Up to this number of unsent bytes, the connection is not paused: they are sent soon. Over TLS, the
 * bytes of each answer count as unsent at first.
 */
const maxPendingBytes = 32 * 1024

export class FastConnection {
  readonly #socket: Socket
  readonly #options: FastConnectionOptions
  readonly #client: FastClient
  readonly #closed = new AbortController()
  #phase: Phase = 'waiting'
  #waitingSinceMs = performance.now()
  #hasAsked = false
  /** The client sends nothing more. */
  #isHalfClosed = false
  #answer: FastAnswer | undefined
  /** The next byte to write. */
  #offset = 0
  #writtenBytes = 0

  constructor(socket: Socket, options: FastConnectionOptions) {
    this.#socket = socket
    this.#options = options
    this.#client = {
      socket,
      remoteAddress: socket.remoteAddress,
      closed: this.#closed.signal,
      cut: () => void socket.destroy(),
    }
    socket.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onClose)
    socket.on('error', ignore).on('timeout', this.#onTimeout)
  }

  /** Closes the connection if its next request is late. Called every few seconds. */
  checkTime(nowMs: number): void {
    if (this.#phase === 'sending') return this.#hold()
    const { headersTimeoutMs, keepAliveMs, idleTimeoutMs } = this.#options
    const limitMs = Math.min(this.#hasAsked ? keepAliveMs : headersTimeoutMs, idleTimeoutMs)
    if (this.#phase === 'waiting' && nowMs - this.#waitingSinceMs > limitMs) this.#socket.destroy()
  }

  /** Closes the connection if it waits between two requests. */
  closeIfIdle(): void {
    if (this.#phase === 'waiting' && this.#hasAsked) this.#socket.destroy()
  }

  readonly #onData = (bytes: Buffer): void => {
    if (this.#phase !== 'waiting') {
      // Pipelined: it waits for the end of the answer before it.
      this.#hold()
      this.#socket.unshift(bytes)
      return
    }
    const answer = this.#options.isStopping()
      ? undefined
      : this.#options.answers.prepare(bytes, this.#client)
    if (answer === undefined) return this.#handOver(bytes)
    this.#options.onBegin()
    this.#hasAsked = true
    if (!(answer instanceof Promise)) return this.#send(answer)
    this.#phase = 'preparing'
    this.#hold()
    void answer.then((prepared) => this.#prepared(prepared, bytes))
  }

  #prepared(answer: FastAnswer | undefined, bytes: Buffer): void {
    if (this.#phase === 'gone') {
      if (answer !== undefined) this.#abort(answer)
      this.#options.onEnd()
    } else if (answer === undefined) {
      this.#handOver(bytes)
      // A stopping server without a request in progress ends: node:http begins this one first.
      setImmediate(this.#options.onEnd)
    } else this.#send(answer)
  }

  #send(answer: FastAnswer): void {
    this.#phase = 'sending'
    this.#answer = answer
    this.#offset = answer.part.start
    this.#ask(answer)
  }

  /** Writes as many bytes as are granted now. */
  #ask(answer: FastAnswer): void {
    const leftBytes = answer.part.end + 1 - this.#offset
    const granted = answer.turn.grant(Math.min(leftBytes, readBytes))
    if (typeof granted === 'number') return this.#write(answer, granted)
    this.#hold()
    void granted.then((bytes) => this.#write(answer, bytes))
  }

  #write(answer: FastAnswer, bytes: number): void {
    if (bytes === 0 || this.#phase !== 'sending') return
    const chunk = answer.reader.readAt(this.#offset, bytes)
    if (!(chunk instanceof Promise)) return this.#writeChunk(answer, chunk)
    this.#hold()
    void chunk.then(
      (read) => this.#writeChunk(answer, read),
      (error: unknown) => this.#fail(answer, error),
    )
  }

  /** The head may be sent already, so the client sees a cut body. */
  #fail({ record }: FastAnswer, error: unknown): void {
    record.error = error
    this.#socket.destroy()
  }

  #writeChunk({ answer, part }: FastAnswer, chunk: Buffer): void {
    if (this.#phase !== 'sending') return
    const socket = this.#socket
    const isFirst = this.#offset === part.start
    this.#offset += chunk.length
    this.#writtenBytes = chunk.length
    if (isFirst) {
      const lengthBytes = part.end + 1 - part.start
      writeAll(socket, this.#options.firstBytesOf(answer, chunk, lengthBytes), this.#onWritten)
    } else socket.write(chunk, this.#onWritten)
    if (socket.writableLength > maxPendingBytes) this.#hold()
  }

  /** Reads nothing more before the end of the answer, and closes the connection if it stands still. */
  #hold(): void {
    if (this.#socket.isPaused()) return
    this.#socket.pause().setTimeout(this.#options.idleTimeoutMs)
  }

  readonly #onWritten = (error?: Error | null): void => {
    const answer = this.#answer
    // 'close' follows.
    if (error || answer === undefined || this.#socket.destroyed) return
    answer.turn.settle(true)
    answer.record.sentBytes += this.#writtenBytes
    this.#options.answers.addBytes(this.#writtenBytes, answer.record)
    if (this.#offset <= answer.part.end) this.#ask(answer)
    else this.#finish(answer)
  }

  #finish(answer: FastAnswer): void {
    this.#answer = undefined
    this.#phase = 'waiting'
    this.#waitingSinceMs = performance.now()
    this.#options.answers.end(answer)
    this.#options.onEnd()
    if (this.#isHalfClosed) this.#socket.end()
    else if (this.#socket.isPaused()) this.#socket.setTimeout(0).resume()
  }

  #abort(answer: FastAnswer): void {
    answer.turn.settle(false)
    answer.record.isAborted = true
    this.#options.answers.end(answer)
  }

  #handOver(unread: Buffer): void {
    const socket = this.#socket
    // Nothing can be put back after the end, and node:http sends such a client nothing more.
    if (this.#isHalfClosed) return void socket.destroy()
    this.#phase = 'gone'
    socket.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose)
    socket.off('error', ignore).off('timeout', this.#onTimeout).setTimeout(0)
    this.#options.onGone()
    this.#options.onUnknown(unread)
  }

  readonly #onEnd = (): void => {
    this.#isHalfClosed = true
    if (this.#phase === 'waiting') this.#socket.end()
  }

  readonly #onTimeout = (): void => void this.#socket.destroy()

  readonly #onClose = (): void => {
    const answer = this.#answer
    this.#answer = undefined
    this.#phase = 'gone'
    this.#closed.abort()
    this.#options.onGone()
    if (answer === undefined) return
    this.#abort(answer)
    this.#options.onEnd()
  }
}

/** In one call to the system. */
function writeAll(
  socket: Socket,
  [first, second]: readonly Buffer[],
  onWritten: (error?: Error | null) => void,
): void {
  if (first === undefined || second === undefined) return void socket.write(first ?? '', onWritten)
  socket.cork()
  socket.write(first)
  socket.write(second, onWritten)
  socket.uncork()
}

function ignore(): void {
  // 'close' follows.
}
