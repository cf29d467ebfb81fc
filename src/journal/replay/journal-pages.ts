/** Entries of a journal by number, read from its files when they are asked for. */
import type { EventObject } from 'xstate'
import { readRecordLines } from '../files/read-records.ts'
import type { ReadPosition } from '../files/read-records.ts'
import { surveyJournal } from '../files/survey.ts'
import { isEntry } from '../journal.ts'
import type { Entry } from '../journal.ts'
import { upcast } from './upcast.ts'
import type { Upcaster } from './upcast.ts'

export interface JournalPages<Event extends EventObject = EventObject> {
  /**
   * At most `count` entries from `seq` on, as far as they are on disk. Throws what `readJournal`
   * throws.
   */
  read(seq: number, count: number): readonly Entry<Event>[]
}

/** Entries between two known places: of so many, a reader parses what it does not need. */
const markEvery = 1000

/** Opens a journal, which may be growing. Nothing is read yet. */
export function openJournalPages<Event extends EventObject>(
  path: string,
  upcasters: readonly Upcaster[],
): JournalPages<Event> {
  /** Places in the files, in order. */
  const marks: ReadPosition[] = []
  let reached: ReadPosition | undefined

  function placeBefore(seq: number): ReadPosition | undefined {
    return reached?.seq === seq ? reached : marks.findLast((mark) => mark.seq <= seq)
  }

  return {
    read(seq, count) {
      const { header, sources } = surveyJournal(path)
      const place = placeBefore(seq)
      const from = place?.seq ?? header.firstSeq
      const found: Entry<Event>[] = []
      for (const { record, after } of readRecordLines<Event>(header, sources, from, place)) {
        if (after.seq >= (marks.at(-1)?.seq ?? 0) + markEvery) marks.push(after)
        if (!isEntry(record) || record.seq < seq) continue
        found.push(upcast(record, header.version, upcasters) as Entry<Event>)
        reached = after
        if (found.length >= count) break
      }
      return found
    },
  }
}
