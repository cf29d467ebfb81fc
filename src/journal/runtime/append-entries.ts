/** Makes entries durable before the machine gets them. */
import type { EventObject } from 'xstate'
import type { Rejection } from '../core/outcome.ts'
import type { Entry, Journal, JournalRecord } from '../journal.ts'
import { refusalOf } from './rejections.ts'

/**
 * Appends checks of the state and the entries after them. Returns the entries as stored, or a
 * promise of them if the journal returns one: an event that the journal cannot store is replaced by
 * a note and passed to `onRefused`. Throws or rejects with what the journal throws.
 */
export function appendEntries<Event extends EventObject>(
  journal: Journal<Event>,
  checks: readonly JournalRecord<Event>[],
  entries: readonly Entry<Event>[],
  onRefused: (seq: number, rejection: Rejection) => void,
): readonly Entry<Event>[] | Promise<readonly Entry<Event>[]> {
  const appended = journal.append([...checks, ...entries])
  if (appended === undefined) return entries
  return appended.then(
    () => entries,
    async (refusal: unknown) => {
      const storable = entries.map((entry) => toStorable(journal, entry, onRefused))
      if (storable.every((entry, index) => entry === entries[index])) throw refusal
      await journal.append([...checks, ...storable])
      return storable
    },
  )
}

/** The entry, or one with a note in place of an event that the journal cannot store. */
function toStorable<Event extends EventObject>(
  journal: Journal<Event>,
  entry: Entry<Event>,
  onRefused: (seq: number, rejection: Rejection) => void,
): Entry<Event> {
  const error = journal.faultOf?.(entry)
  const { seq, event } = entry
  if (error === undefined || event === undefined) return entry
  onRefused(seq, { event, error })
  return { ...entry, event: refusalOf(event, error) as unknown as Event }
}
