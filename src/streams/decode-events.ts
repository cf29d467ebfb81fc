import type { OperatorFunction } from 'rxjs'
import { JarcastError } from '../errors.ts'
import { readRecords } from './decode-records.ts'
import type { DecodeRecordsOptions } from './decode-records.ts'

/** The part of a `Codec` that reads events. */
export interface EventDecoder<Event> {
  /** Reads the bytes from `start` to `end`. Throws `MESSAGE_INVALID`. */
  decodeEventAt(bytes: Uint8Array, start: number, end: number): Event
}

export interface DecodeEventsOptions extends DecodeRecordsOptions {
  /** Called for a record that is not an event, which is skipped. Default: the stream ends. */
  readonly onInvalid?: ((error: JarcastError, record: Uint8Array) => void) | undefined
}

/**
 * Reads the events of a RecordIO byte stream, wherever the chunks were cut.
 *
 * Next: one event per record, also for unknown types; empty records, which Mesos' own decoder
 * tolerates, are skipped. Error: `MESSAGE_INVALID` for a record that is not an event, and as
 * `decodeRecords`. Complete: as `decodeRecords`.
 */
export function decodeEvents<Event>(
  codec: EventDecoder<Event>,
  options: DecodeEventsOptions = {},
): OperatorFunction<Uint8Array, Event> {
  const { onInvalid } = options
  return readRecords(options, (bytes, start, end) => {
    if (start === end) return undefined
    try {
      return codec.decodeEventAt(bytes, start, end)
    } catch (error) {
      if (onInvalid === undefined || !(error instanceof JarcastError)) throw error
      onInvalid(error, bytes.subarray(start, end))
      return undefined
    }
  })
}
