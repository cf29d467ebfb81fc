import { Observable, takeWhile } from 'rxjs'
import type { OperatorFunction, Subscriber } from 'rxjs'
import type { JarcastError } from '../errors.ts'
import { createRecordDecoder } from '../mesos/recordio.ts'
import type { TakeRecord } from '../mesos/recordio.ts'

export interface DecodeRecordsOptions {
  /** A longer record is an error. Default: that of `createRecordDecoder`. */
  readonly maxFrameBytes?: number
  /** See `createRecordDecoder`. */
  readonly onTooLarge?: ((error: JarcastError) => void) | undefined
}

/**
 * Cuts a RecordIO byte stream into records, wherever the chunks were cut.
 *
 * Next: the bytes of each complete record, in the tick in which its last byte came; at most one
 * partial record is kept. Error: `FRAME_INVALID`, `FRAME_TOO_LARGE`; errors of the source pass.
 * Complete: with the source, or `FRAME_INVALID` when that ends within a record.
 * Source: apache/mesos docs/recordio.md.
 */
export function decodeRecords(
  options: DecodeRecordsOptions = {},
): OperatorFunction<Uint8Array, Uint8Array> {
  return readRecords(options, (bytes, start, end) => bytes.subarray(start, end))
}

/** As `decodeRecords`, but emits what `read` returns for each record; undefined emits nothing. */
export function readRecords<Result>(
  options: DecodeRecordsOptions,
  read: (...record: Parameters<TakeRecord>) => Result | undefined,
): OperatorFunction<Uint8Array, Result> {
  return (source) =>
    new Observable((subscriber) => {
      const decoder = createRecordDecoder(options)
      const take: TakeRecord = (bytes, start, end) => {
        if (subscriber.closed) return
        const result = read(bytes, start, end)
        if (result !== undefined) subscriber.next(result)
      }
      // A source may be synchronous: it ends here when nobody listens any more.
      return source.pipe(takeWhile(() => !subscriber.closed)).subscribe({
        next: attempt(subscriber, (chunk: Uint8Array) => decoder.read(chunk, take)),
        error: (error: unknown) => subscriber.error(error),
        complete: attempt(subscriber, () => {
          decoder.end()
          subscriber.complete()
        }),
      })
    })
}

/** What `work` throws is the error of the stream. */
function attempt<Arguments extends unknown[]>(
  subscriber: Subscriber<unknown>,
  work: (...values: Arguments) => void,
): (...values: Arguments) => void {
  return (...values) => {
    if (subscriber.closed) return
    try {
      work(...values)
    } catch (error) {
      subscriber.error(error)
    }
  }
}
