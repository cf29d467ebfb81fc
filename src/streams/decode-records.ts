import { EMPTY, concat, concatMap, defer } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { JarcastError } from '../errors.ts'
import { createRecordDecoder } from '../mesos/recordio.ts'

export interface DecodeRecordsOptions {
  /** A longer record is an error. Default: that of `createRecordDecoder`. */
  readonly maxFrameBytes?: number
  /** See `createRecordDecoder`. */
  readonly onTooLarge?: ((error: JarcastError) => void) | undefined
}

const noBytes = new Uint8Array(0)

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
  return (source) =>
    defer(() => {
      const decoder = createRecordDecoder(options)
      const recordsOf = function* (chunk: Uint8Array) {
        yield* decoder.push(chunk)
        // The decoder reports a fault after complete records at the next push, which may never
        // come.
        decoder.push(noBytes)
      }
      const records$ = source.pipe(concatMap(recordsOf))
      const end$ = defer(() => {
        decoder.end()
        return EMPTY
      })
      return concat(records$, end$)
    })
}
