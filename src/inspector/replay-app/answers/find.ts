/** Entries that match a filter. */
import type { AnyStateMachine } from 'xstate'
import type { Entry } from '../../../journal/journal.ts'
import type { App, Filter } from '../../protocol/questions.ts'
import { createPauses } from '../run/pauses.ts'
import { timerLabel } from './rows.ts'
import type { Scene } from './scene.ts'
import { textMatcher } from '../../text-matcher.ts'

const maxFound = 200_000
const eventStart = '"event":'

export function findQuestion<M extends AnyStateMachine>(scene: Scene<M>): App['find'] {
  const { run } = scene
  return async ({ filter }) => {
    const matches = matcherOf(scene, filter)
    const pause = createPauses()
    const seqs: number[] = []
    await run.readTo(Infinity)
    if (needsReplay(scene, filter)) await run.replayTo(Infinity)
    for (let seq = Math.max(1, run.firstSeq + 1); seq <= run.readSeq;) {
      const lines = run.linesFrom(seq)
      if (lines.length === 0) break
      for (const line of lines) {
        if (matches(seq, line)) seqs.push(seq)
        seq += 1
        if (seqs.length > maxFound) return { seqs: seqs.slice(0, maxFound), isCut: true }
      }
      await pause()
    }
    return { seqs, isCut: false }
  }
}

/** Actors other than the root are found by the entries that changed them. */
function needsReplay<M extends AnyStateMachine>({ start }: Scene<M>, { actor }: Filter): boolean {
  return actor !== undefined && actor !== start.machine.id
}

function matcherOf<M extends AnyStateMachine>(
  scene: Scene<M>,
  filter: Filter,
): (seq: number, line: string) => boolean {
  const { run, start, events } = scene
  const { text = '', isRegex = false, actor, type, failedOnly = false } = filter
  const hasText = text === '' ? undefined : textMatcher(text, isRegex)

  return (seq, line) => {
    const { index } = run
    if (failedOnly && !index.is(seq, 'failure') && !index.is(seq, 'rejected')) return false
    if (actor !== undefined && actor !== start.machine.id) {
      if (index.outcomeOf(seq)?.changed.includes(actor) !== true) return false
    }
    if (type !== undefined && typeOf(seq) !== type) return false
    return hasText === undefined || hasText(payloadOf(line)) || hasText(wordsOf(seq))
  }

  function typeOf(seq: number): string {
    return run.entryAt(seq).event?.type ?? run.index.outcomeOf(seq)?.timer ?? 'timer'
  }

  /** What the row of an entry shows. */
  function wordsOf(seq: number): string {
    const { event } = run.entryAt(seq) as Entry
    const type = typeOf(seq)
    const label = event === undefined ? timerLabel(type) : events.labelOf(event)
    return `${type} ${label} ${start.machine.id}`
  }
}

function payloadOf(line: string): string {
  const at = line.indexOf(eventStart)
  return at === -1 ? '' : line.slice(at + eventStart.length, -1)
}
