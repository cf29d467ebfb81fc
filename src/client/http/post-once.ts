import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { SchedulerLike } from 'rxjs'
import type { AnswerHead } from './answer-head.ts'
import { AnswerReader } from './answer-reader.ts'
import type { Connector } from './connector.ts'
import { HttpFailure, closedError, toFailure } from './http-failure.ts'
import { postBytes, postHead } from './request-head.ts'

export interface PostRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly connector: Connector
  /** Closes the connection, at any time. */
  readonly signal: AbortSignal
  /** Maximum time from the start to the head of the answer. */
  readonly answerTimeoutMs: number
  readonly scheduler: SchedulerLike
}

/** An answer whose head has come. */
export interface PostedAnswer {
  readonly head: AnswerHead
  /** Must be read or destroyed, which closes the connection. */
  readonly body: Readable
  /** Local address of the connection; undefined if it is closed already. */
  readonly localAddress: string | undefined
}

/**
 * Posts on a connection of its own, which closes with the answer.
 *
 * Rejects with `HttpFailure`: `connect` (no connection to the server), `timeout`, `broken` (the
 * connection broke later); or with the signal's reason.
 */
export async function postOnce(request: PostRequest): Promise<PostedAnswer> {
  const { answerTimeoutMs, connector, scheduler, signal, url } = request
  signal.throwIfAborted()
  const bytes = postBytes(postHead(url, request.headers), [request.body])
  let isConnected = false
  const socket = connector.connect(url, () => {
    isConnected = true
  })
  const late = () =>
    socket.destroy(new HttpFailure('timeout', `no answer within ${answerTimeoutMs / 1000} s`))
  const timer = scheduler.schedule(late, answerTimeoutMs)
  const abort = () => socket.destroy()
  signal.addEventListener('abort', abort)
  socket.once('close', () => signal.removeEventListener('abort', abort))
  socket.write(bytes)
  try {
    return await readAnswer(socket)
  } catch (error) {
    signal.throwIfAborted()
    throw toFailure(error as Error, isConnected)
  } finally {
    timer.unsubscribe()
  }
}

/** Resolves when the head has come. Rejects with the error of the connection. */
function readAnswer(socket: Socket): Promise<PostedAnswer> {
  return new Promise((resolve, reject) => {
    const body = new Readable({
      read: () => socket.resume(),
      destroy: (error, done) => {
        socket.destroy()
        done(error)
      },
    })
    // The connection may break while nobody reads.
    body.on('error', () => undefined)
    let isComplete = false
    const reader = new AnswerReader({
      onHead: (head) => resolve({ head, body, localAddress: socket.localAddress }),
      onBody: (bytes) => {
        if (!isComplete && !body.push(bytes)) socket.pause()
      },
      onEnd: () => {
        if (!isComplete) body.push(null)
        isComplete = true
        socket.destroy()
      },
    })
    const fail = (error: Error) => {
      reject(error)
      if (!isComplete) body.destroy(error)
    }
    socket
      .on('data', (bytes) => {
        try {
          reader.read(bytes)
        } catch (error) {
          fail(error as Error)
        }
      })
      .on('end', () => reader.finish())
      .on('error', fail)
      .on('close', () => fail(closedError()))
  })
}
