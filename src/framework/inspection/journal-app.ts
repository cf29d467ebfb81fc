/** A journal of one of our machines, as an app of the inspector. */
import { defined } from '../../defined.ts'
import type { Charts } from '../../inspector/chart/charts.ts'
import { drawChart } from '../../inspector/chart/draw-chart.ts'
import { openReplayApp } from '../../inspector/replay-app/open-replay-app.ts'
import type { ReplayApp } from '../../inspector/replay-app/open-replay-app.ts'
import type { ListedApp } from '../../inspector/server/app-table.ts'
import type { ImportOptions } from '../../inspector/server/imports.ts'
import { readJournal } from '../../journal/files/read-journal.ts'
import { createEncoder, encodeHeader } from '../../journal/files/record.ts'
import { followJournal } from '../../journal/replay/growing-journal.ts'
import { readSavedState } from '../../journal/replay/saved-states.ts'
import { exportFeatures } from './saved-live-run.ts'
import { openRecordedRun } from './recorded-run.ts'
import type { RecordedRun } from './recorded-run.ts'
import { pageOf, recordedToSave } from './saved-run.ts'

/** Entries that are added to the journal later are read too. */
export function openJournalApp(run: RecordedRun, charts: Charts): ReplayApp & ListedApp {
  const { id, name } = run
  const app = openReplay(run, charts)
  return {
    ...app,
    info: () => {
      const info = app.info()
      return { ...info, features: [...info.features, ...exportFeatures(info)] }
    },
    save: () => journalLines(run.path),
    savePage: () =>
      pageOf(() => recordedToSave({ ...openRecordedRun(run.path, run.known), id, name }), charts),
  }
}

/** Opens journals that a reader gives to a page with these charts. */
export function createJournalOpener(charts: Charts): NonNullable<ImportOptions['openJournal']> {
  return (path, as) => openJournalApp({ ...openRecordedRun(path), ...as }, charts)
}

/** The journal in one file, as `jarcast journal export` writes it. */
function* journalLines(path: string): Generator<string> {
  const { header, records } = readJournal(path)
  yield encodeHeader(header).trimEnd()
  const encode = createEncoder(header)
  for (const record of records) yield encode(record).trimEnd()
}

function openReplay(run: RecordedRun, charts: Charts): ReplayApp {
  const { path, id, header, name, known, input, from, lens, notes } = run
  const journal = followJournal(path, known.upcasters)
  let readSeq = from?.seq ?? 0
  return openReplayApp({
    id,
    name,
    machine: known.machine,
    input,
    startedAt: header.createdAt,
    from,
    savedStateAt: (seq) => readSavedState(path, header, known.machine, seq),
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
    ...defined({ lens }),
    answers: known.answers,
    notes,
    chartOf: (machine, collapsed) => drawChart(charts, machine, collapsed),
  })
}
