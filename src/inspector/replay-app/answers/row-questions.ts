/** Questions about many entries. */
import type { AnyStateMachine } from 'xstate'
import type { App, Row } from '../../protocol/questions.ts'
import { rowOf, startRow } from './rows.ts'
import type { KnownOutcome } from './rows.ts'
import type { Scene } from './scene.ts'

const maxRows = 500

export function rowQuestions<M extends AnyStateMachine>(
  scene: Scene<M>,
): Pick<App, 'rows' | 'rowsOf' | 'at'> {
  const { run, start, events } = scene
  const actor = start.machine.id

  function rowAt(seq: number): Row {
    if (seq === run.firstSeq) return startRow(seq, nowAt(seq), actor)
    return rowOf(run.entryAt(seq), actor, outcomeAt(seq), events)
  }

  function outcomeAt(seq: number): KnownOutcome {
    const { index } = run
    const effects = index.effectsOf(seq)
    const known = { isRejected: index.is(seq, 'rejected'), ...(effects.length > 0 && { effects }) }
    return index.outcomeOf(seq) ?? known
  }

  function nowAt(seq: number): number {
    // Of the first moment that can be shown there is no entry.
    return seq === run.firstSeq ? run.travel.at(seq).now : run.index.nowOf(seq)
  }

  async function rowsOf(seqs: readonly number[]): Promise<readonly Row[]> {
    const asked = seqs.slice(0, maxRows)
    await run.readTo(Math.max(0, ...asked))
    const kept = asked.filter((seq) => seq >= run.firstSeq && seq <= run.readSeq)
    const entries = kept.filter((seq) => seq > run.firstSeq)
    if (entries.length > 0) run.noteSoon(Math.min(...entries), Math.max(...entries))
    return kept.map(rowAt)
  }

  return {
    rows: ({ from, count }) =>
      rowsOf(Array.from({ length: Math.min(count, maxRows) }, (_, index) => from + index)),
    rowsOf: ({ seqs }) => rowsOf(seqs),
    async at({ now }) {
      await run.readTo(Infinity)
      let low = run.firstSeq
      let high = run.lastSeq
      while (low < high) {
        const middle = Math.ceil((low + high) / 2)
        if (nowAt(middle) <= now) low = middle
        else high = middle - 1
      }
      return { seq: low }
    },
  }
}
