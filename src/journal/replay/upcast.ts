/** Events of earlier versions, made into those of today while a journal is read. What is on the disk stays. */
import type { EventObject } from 'xstate'
import { isEntry } from '../journal.ts'
import type { JournalRecord } from '../journal.ts'

export interface Upcaster {
  /** The last version of the machine that wrote such events as they come in here: `'1'`, `'2'` … */
  readonly version: string
  /** Type of the events that are changed. */
  readonly type: string
  /**
   * The event as the next version writes it. Pure. A run goes on in the journal that it began in, so events of later
   * versions can stand there too: what needs no change is given back as it is.
   */
  readonly upcast: (event: EventObject) => EventObject
}

/** The record as today's machine takes it: changed by each upcaster, oldest first, that is not older than `version`. */
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

/** `upcast` for all records of a journal whose header names `version`, as they are asked for. */
export function* upcastAll<Event extends EventObject>(
  records: Iterable<JournalRecord<Event>>,
  version: string,
  upcasters: readonly Upcaster[],
): Generator<JournalRecord<Event>, void> {
  for (const record of records) yield upcast(record, version, upcasters)
}
