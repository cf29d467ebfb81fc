/** A journal of one of our machines, as an app of the inspector. */
import { basename, resolve } from 'node:path'
import { schedulerLens } from '../../framework/inspection/scheduler-lens.ts'
import type { Charts } from '../../inspector/chart/charts.ts'
import { openReplayApp } from '../../inspector/replay-app/open-replay-app.ts'
import type { ReplayApp } from '../../inspector/replay-app/open-replay-app.ts'
import { followJournal } from '../../journal/replay/growing-journal.ts'
import { openReplaySource } from '../../journal/replay/replay-journal.ts'
import { schedulerHistory } from '../../machines/known-machines.ts'
import { machineOf } from '../journal/journal-machine.ts'
import { notesOn } from '../journal/replay-notes.ts'

/**
 * Opens a journal, a folder or one file; entries that are added later are read too. Throws what
 * `openReplaySource` throws.
 */
export function openJournalApp(path: string, charts: Charts): ReplayApp {
  const known = machineOf(path)
  const { machine, upcasters } = known
  const { header, torn, input, from } = openReplaySource(path, known)
  const journal = followJournal(path, upcasters)
  let readSeq = from?.seq ?? 0
  return openReplayApp({
    id: header.id,
    name: basename(resolve(path)),
    machine,
    input,
    startedAt: header.createdAt,
    from,
    entries: {
      *read() {
        for (const record of journal.readAfter(readSeq)) {
          if ('seq' in record) readSeq = record.seq
          yield record
        }
      },
      isOver: () => journal.isOver(),
      get lastSeq() {
        return Math.max(readSeq, journal.lastSeq())
      },
    },
    ...(machine === schedulerHistory.machine && { lens: schedulerLens }),
    notes: notesOn({ header, torn, startSeq: from?.seq ?? 0 }, known),
    chartOf: async (chart, collapsed) => {
      const drawn = await charts.chart(charts.addMachine(chart), collapsed)
      if (drawn === undefined) throw new Error('a chart that was added is missing')
      return drawn
    },
  })
}
