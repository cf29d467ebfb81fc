import { filter, map, pipe } from 'rxjs'
import type { OperatorFunction } from 'rxjs'

/** The half of a `Codec` that reads events. */
export interface EventDecoder<Event> {
  /** Throws `MESSAGE_INVALID`. */
  decodeEvent(bytes: Uint8Array): Event
}

/**
 * Decodes each record into an event.
 *
 * Next: one event per record, of unknown type too; an empty record, which Mesos' own decoder tolerates, is
 * left out. Error: `MESSAGE_INVALID` for a record that is no event; errors of the source pass. Complete: passes.
 */
export function decodeEvents<Event>(
  codec: EventDecoder<Event>,
): OperatorFunction<Uint8Array, Event> {
  return pipe(
    filter((bytes: Uint8Array) => bytes.length > 0),
    map((bytes) => codec.decodeEvent(bytes)),
  )
}
