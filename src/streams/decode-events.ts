import { filter, map, pipe } from 'rxjs'
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
  const decode = (bytes: Uint8Array): Event | undefined => {
    if (bytes.length === 0) return undefined
    try {
      return codec.decodeEvent(bytes)
    } catch (error) {
      if (onInvalid === undefined || !(error instanceof JarcastError)) throw error
      onInvalid(error, bytes)
      return undefined
    }
  }
  // No `mergeMap` over lists of none or one: it costs as much as decoding an UPDATE.
  return pipe(
    map(decode),
    filter((event) => event !== undefined),
  )
}
