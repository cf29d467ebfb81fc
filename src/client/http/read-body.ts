import type { IncomingMessage } from 'node:http'
import { Observable, asyncScheduler } from 'rxjs'
import type { Observer, SchedulerLike } from 'rxjs'
import { JarcastError } from '../../errors.ts'

/** As much of an answer's text as goes into a message. */
const maxAnswerBytes = 64 * 1024

/**
 * Asked after each chunk, when the subscriber has returned: a promise keeps the socket from being
 * read until it resolves. It never rejects.
 */
export type ReadOn = (chunkBytes: number) => Promise<void> | undefined

export interface ReadOptions {
  /** Default: the next chunk is read at once. */
  readonly readOn?: ReadOn | undefined
  /** Called when reading pauses (true) and continues (false). */
  readonly pauseSubject?: Pick<Observer<boolean>, 'next'>
}

/**
 * The bytes of an answer that is a stream.
 *
 * Next: each chunk as it was read. The socket is read on only when the subscriber has returned and
 * `readOn` lets it, so a busy subscriber, or a slow disk behind it, slows the sender down and
 * nothing piles up here. Error: `STREAM_ENDED` (retryable), when the server ends the stream and
 * when the connection breaks. Complete: never. Unsubscribing closes the socket.
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
 * Reads an answer to its end; resolves with its text, cut at `maxAnswerBytes`. A longer one costs
 * its connection, as does one that takes longer than `timeoutMs`. Never rejects: an answer that
 * breaks off resolves with what came.
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
