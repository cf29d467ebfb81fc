import type { IncomingMessage } from 'node:http'
import { Observable, asyncScheduler } from 'rxjs'
import type { Observer, SchedulerLike } from 'rxjs'
import { JarcastError } from '../../errors.ts'

/** Maximum size of an answer's text; messages need no more. */
const maxAnswerBytes = 64 * 1024

/**
 * Called after the subscriber has handled a chunk. Reading of the socket pauses until the promise
 * resolves. It never rejects.
 */
export type ReadOn = (chunkBytes: number) => Promise<void> | undefined

export interface ReadOptions {
  /** Default: reading never pauses. */
  readonly readOn?: ReadOn | undefined
  /** Called when reading pauses (true) and continues (false). */
  readonly pauseSubject?: Pick<Observer<boolean>, 'next'>
}

/**
 * The bytes of an answer that is a stream.
 *
 * Next: each chunk. The socket is read again only after the subscriber has returned and `readOn`
 * allows it, so a busy subscriber or a slow disk slows the sender down, and no queue grows here.
 * Error: `STREAM_ENDED` (retryable) if the server ends the stream or the connection breaks.
 * Complete: never. Unsubscribing closes the socket.
 */
export function readStream(
  answer: IncomingMessage,
  { readOn, pauseSubject }: ReadOptions = {},
): Observable<Uint8Array> {
  return new Observable((subscriber) => {
    subscriber.add(() => answer.destroy())
    answer.on('error', (error) => subscriber.error(ended('the connection broke', error)))
    answer.once('end', () => subscriber.error(ended('the stream was ended by the server')))
    // The response may have closed before listeners were attached.
    answer.once('close', () => subscriber.error(ended('the connection was closed')))
    answer.on('data', (chunk: Uint8Array) => {
      subscriber.next(chunk)
      const room = readOn?.(chunk.length)
      if (room !== undefined) pauseUntil(room)
    })
    const pauseUntil = (room: Promise<void>): void => {
      answer.pause()
      pauseSubject?.next(true)
      void room.then(() => {
        pauseSubject?.next(false)
        answer.resume()
      })
    }
    if (answer.destroyed) subscriber.error(ended('the connection was closed'))
  })
}

/**
 * Resolves to the text of an answer, at most `maxAnswerBytes`. Closes the connection if the answer
 * is longer, or takes longer than `timeoutMs`. Never rejects: resolves to the received part of an
 * incomplete answer.
 */
export function readText(
  answer: IncomingMessage,
  timeoutMs: number,
  scheduler: SchedulerLike = asyncScheduler,
): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = []
    let sizeBytes = 0
    const timer = scheduler.schedule(() => answer.destroy(), timeoutMs)
    const finish = () => {
      timer.unsubscribe()
      resolve(Buffer.concat(chunks).subarray(0, maxAnswerBytes).toString('utf8'))
    }
    answer.on('data', (chunk: Uint8Array) => {
      chunks.push(chunk)
      sizeBytes += chunk.length
      if (sizeBytes > maxAnswerBytes) answer.destroy()
    })
    answer.on('error', finish)
    answer.once('close', finish)
    answer.once('end', finish)
    if (answer.destroyed) finish()
  })
}

function ended(why: string, cause?: unknown): JarcastError {
  return new JarcastError('STREAM_ENDED', why, { retryable: true, cause })
}
