/** A run as far as it is kept, to be saved as a file. */
import type { AnyStateMachine } from 'xstate'
import { defined } from '../../defined.ts'
import type { CoreState } from '../../journal/core/core-state.ts'
import type { Entry } from '../../journal/journal.ts'
import type { Run } from './run/run.ts'
import type { RunStart } from './run/time-travel.ts'

export interface KeptRun {
  /** The state that the entries follow; absent: the initial one. */
  readonly from?: { readonly seq: number; readonly state: CoreState }
  readonly lastSeq: number
  /** Throws INSPECTOR_MOMENT_UNKNOWN if the run drops one of them before it is read. */
  readonly entries: Iterable<Entry>
}

/** Resolves once all that the run has written was read. Rejects with INSPECTOR_MOMENT_UNKNOWN. */
export async function keptRunOf<M extends AnyStateMachine>(
  run: Run<M>,
  { from: start }: Pick<RunStart<M>, 'from'>,
): Promise<KeptRun> {
  await run.readTo(run.lastSeq)
  const { firstSeq } = run
  const isWhole = firstSeq <= (start?.seq ?? 0)
  if (!isWhole) await run.reach(firstSeq)
  const { readSeq: lastSeq } = run
  return {
    ...defined({ from: isWhole ? start : { seq: firstSeq, state: stateAt(run, firstSeq) } }),
    lastSeq,
    entries: entriesOf(run, firstSeq + 1, lastSeq),
  }
}

function stateAt<M extends AnyStateMachine>({ travel }: Run<M>, seq: number): CoreState {
  return travel.copyAt(seq).state()
}

function* entriesOf(
  { entryAt }: Pick<Run<AnyStateMachine>, 'entryAt'>,
  first: number,
  last: number,
): Generator<Entry> {
  for (let seq = first; seq <= last; seq += 1) yield entryAt(seq)
}
