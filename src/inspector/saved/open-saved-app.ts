/** A saved run as an app: replayed in the page, without a server. */
import type { AnyStateMachine, InputFrom } from 'xstate'
import { defined } from '../../defined.ts'
import type { CoreState } from '../../journal/core/core-state.ts'
import type { Entry } from '../../journal/journal.ts'
import type { Lens } from '../protocol/lens.ts'
import { openReplayApp } from '../replay-app/open-replay-app.ts'
import type { ReplayApp, ReplayAppOptions } from '../replay-app/open-replay-app.ts'
import { hideInside } from './hide-inside.ts'
import { linesOf } from './lines.ts'
import type { SavedHead, SavedTexts } from './saved-run.ts'
import { readStates } from './saved-states.ts'

/** A machine, and what is known of it. */
export interface SavedMachine extends Pick<
  ReplayAppOptions<AnyStateMachine>,
  'machine' | 'answers'
> {
  readonly lens: Lens | undefined
}

export function openSavedApp(
  { machine, lens, answers }: SavedMachine,
  head: SavedHead,
  texts: SavedTexts,
): ReplayApp {
  const { id, name, startedAt, notes, lastSeq, charts, from } = head
  let left = texts.entries
  return openReplayApp({
    id,
    name,
    machine,
    input: head.input as InputFrom<AnyStateMachine>,
    startedAt,
    notes,
    from: from && { seq: from.seq, state: from.state as CoreState },
    entries: {
      *read() {
        const pieces = left
        left = []
        for (const line of linesOf(pieces)) yield JSON.parse(line) as Entry
      },
      isOver: () => true,
      lastSeq,
    },
    savedStateAt: readStates(texts.states),
    ...defined({ lens }),
    answers,
    chartOf: ({ id: chartId }, collapsed) => {
      const chart = charts[chartId]
      if (chart === undefined) throw new Error(`the chart of ${chartId} was not saved`)
      return hideInside(chart, collapsed)
    },
  })
}
