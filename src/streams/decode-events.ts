import { filter, mergeMap, pipe } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import { JarcastError } from '../errors.ts'

/** The part of a `Codec` that reads events. */
export interface EventDecoder<Event> {
  /** Throws `MESSAGE_INVALID`. */
  decodeEvent(bytes: Uint8Array): Event
}

/**
 * Decodes each record into an event.
 *
 * Next: one event per record, also for unknown types; empty records, which Mesos' own decoder
 * tolerates, are skipped. Error: `MESSAGE_INVALID` for a record that is not an event; with
 * `onInvalid`, such a record is reported there and skipped. Errors of the source pass. Complete:
 * passes.
 */
export function decodeEvents<Event>(
  codec: EventDecoder<Event>,
  onInvalid?: (error: JarcastError, record: Uint8Array) => void,
): OperatorFunction<Uint8Array, Event> {
  const decode = (bytes: Uint8Array): readonly Event[] => {
    try {
      return [codec.decodeEvent(bytes)]
    } catch (error) {
      if (onInvalid === undefined || !(error instanceof JarcastError)) throw error
      onInvalid(error, bytes)
      return []
    }
  }
  return pipe(
    filter((bytes: Uint8Array) => bytes.length > 0),
    mergeMap(decode),
  )
}
