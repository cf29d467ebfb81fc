/** Changes events of earlier versions into today's while a journal is read. */
import type { EventObject } from 'xstate'
import { isEntry } from '../journal.ts'
import type { JournalRecord } from '../journal.ts'

export interface Upcaster {
  /** The last version of the machine that wrote the old form: `'1'`, `'2'` … */
  readonly version: string
  /** Type of the events that are changed. */
  readonly type: string
  /**
   * Returns the event as the next version writes it. Pure. A later version may continue the same
   * journal: an event that already has the new form is returned as it is.
   */
  readonly upcast: (event: EventObject) => EventObject
}

/** Applies the upcasters of `version` and later to a record, oldest first. */
export function upcast<Event extends EventObject>(
  record: JournalRecord<Event>,
  version: string,
  upcasters: readonly Upcaster[],
): JournalRecord<Event> {
  if (upcasters.length === 0 || !isEntry(record) || record.event === undefined) return record
  let event: EventObject = record.event
  for (const upcaster of upcasters) {
    const applies = Number(upcaster.version) >= Number(version) && upcaster.type === event.type
    if (applies) event = upcaster.upcast(event)
  }
  return event === record.event ? record : { ...record, event: event as Event }
}

/** Applies `upcast` to the records of a journal whose header has this version, while it is read. */
export function* upcastAll<Event extends EventObject>(
  records: Iterable<JournalRecord<Event>>,
  version: string,
  upcasters: readonly Upcaster[],
): Generator<JournalRecord<Event>, void> {
  for (const record of records) yield upcast(record, version, upcasters)
}
