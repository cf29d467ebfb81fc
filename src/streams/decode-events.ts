import { filter, mergeMap, pipe } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import { JarcastError } from '../errors.ts'

/** The half of a `Codec` that reads events. */
export interface EventDecoder<Event> {
  /** Throws `MESSAGE_INVALID`. */
  decodeEvent(bytes: Uint8Array): Event
}

/**
 * Decodes each record into an event.
 *
 * Next: one event per record, of unknown type too; an empty record, which Mesos' own decoder
 * tolerates, is left out. Error: `MESSAGE_INVALID` for a record that is no event, unless
 * `onInvalid` is there, which hears of it, and it is left out, too; errors of the source pass.
 * Complete: passes.
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
