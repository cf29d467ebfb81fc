import type { Readable } from 'node:stream'
import { Observable, asyncScheduler } from 'rxjs'
import type { Observer, SchedulerLike } from 'rxjs'
import { JarcastError } from '../../errors.ts'
import { AnswerText } from './answer-text.ts'

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
  body: Readable,
  { readOn, pauseSubject }: ReadOptions = {},
): Observable<Uint8Array> {
  return new Observable((subscriber) => {
    subscriber.add(() => body.destroy())
    body.on('error', (error) => subscriber.error(ended('the connection broke', error)))
    body.once('end', () => subscriber.error(ended('the stream was ended by the server')))
    // The response may have closed before listeners were attached.
    body.once('close', () => subscriber.error(ended('the connection was closed')))
    body.on('data', (chunk: Uint8Array) => {
      subscriber.next(chunk)
      const room = readOn?.(chunk.length)
      if (room !== undefined) pauseUntil(room)
    })
    const pauseUntil = (room: Promise<void>): void => {
      body.pause()
      pauseSubject?.next(true)
      void room.then(() => {
        pauseSubject?.next(false)
        body.resume()
      })
    }
    if (body.destroyed) subscriber.error(ended('the connection was closed'))
  })
}

/**
 * Resolves to the beginning of an answer's text, see `AnswerText`. Closes the connection if there
 * is more, or after `timeoutMs`. Never rejects: resolves to the received part of an incomplete answer.
 */
export function readText(
  body: Readable,
  timeoutMs: number,
  scheduler: SchedulerLike = asyncScheduler,
): Promise<string> {
  return new Promise((resolve) => {
    const start = new AnswerText()
    const timer = scheduler.schedule(() => body.destroy(), timeoutMs)
    const finish = () => {
      timer.unsubscribe()
      resolve(start.text)
    }
    body.on('data', (chunk: Uint8Array) => {
      if (!start.add(chunk)) body.destroy()
    })
    body.on('error', finish)
    body.once('close', finish)
    body.once('end', finish)
    if (body.destroyed) finish()
  })
}

function ended(why: string, cause?: unknown): JarcastError {
  return new JarcastError('STREAM_ENDED', why, { retryable: true, cause })
}
