/** Runs of our machines as a page that needs neither a server nor a network. */
import type { AnyStateMachine, InputFrom } from 'xstate'
import { defined } from '../../defined.ts'
import type { Charts } from '../../inspector/chart/charts.ts'
import { drawChart } from '../../inspector/chart/draw-chart.ts'
import type { Chart } from '../../inspector/protocol/chart.ts'
import type { KeptRun } from '../../inspector/replay-app/kept-run.ts'
import { machinesIn } from '../../inspector/replay-app/machines-in.ts'
import type { SavedRun } from '../../inspector/saved/saved-elements.ts'
import { savedPage } from '../../inspector/saved/saved-page.ts'
import type { SavedHead } from '../../inspector/saved/saved-run.ts'
import { createStateSaver } from '../../inspector/saved/saved-states.ts'
import { isEntry } from '../../journal/journal.ts'
import type { Entry, JournalRecord } from '../../journal/journal.ts'
import type { RecordedRun } from './recorded-run.ts'

export interface RunToSave extends KeptRun, Pick<SavedHead, 'id' | 'name' | 'startedAt' | 'notes'> {
  readonly machine: AnyStateMachine
  readonly input: InputFrom<AnyStateMachine>
}

/** A page with one run, opened when the first piece is read. Throws what `savedPage` throws. */
export async function* pageOf(
  open: () => RunToSave | Promise<RunToSave>,
  charts: Charts,
): AsyncGenerator<string, void> {
  yield* savedPage([await savedRunOf(await open(), charts)])
}

/** The run with its charts; its states are made while its entries are read. */
export async function savedRunOf(
  { machine, entries, ...run }: RunToSave,
  charts: Charts,
): Promise<SavedRun> {
  const saver = createStateSaver({ ...run, machine })
  return {
    head: { ...run, machine: machine.id, charts: await drawAll(machine, charts) },
    entries: saver.watch(entries),
    states: () => saver.lines(),
  }
}

/** A journal, as far as it is written now. */
export function recordedToSave(run: RecordedRun): RunToSave {
  const { id, name, header, known, input, records, lastSeq, from, notes } = run
  const { machine } = known
  const entries = entriesAfter(records, from?.seq ?? 0)
  const head = { id, name, startedAt: header.createdAt, notes, lastSeq }
  return { ...head, machine, input, entries, ...defined({ from }) }
}

async function drawAll(
  machine: AnyStateMachine,
  charts: Charts,
): Promise<Readonly<Record<string, Chart>>> {
  const drawn: Record<string, Chart> = {}
  for (const each of machinesIn(machine)) drawn[each.id] ??= await drawChart(charts, each, [])
  return drawn
}

function* entriesAfter(records: Iterable<JournalRecord>, seq: number): Generator<Entry> {
  for (const record of records) if (isEntry(record) && record.seq > seq) yield record
}
