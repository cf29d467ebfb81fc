/** Finds the entries that answer effects, for `--why`. */
import type { EventObject } from 'xstate'
import { answerOf, answersTo } from '../../effects/answer.ts'
import type { EffectAnswers } from '../../effects/answer.ts'
import type { Effect } from '../../journal/core/outbox.ts'
import { isEntry } from '../../journal/journal.ts'
import type { JournalRecord } from '../../journal/journal.ts'

/** The first later entry whose event answers an effect. */
export interface FoundAnswer {
  readonly seq: number
  readonly type: string
  readonly outcome: 'done' | 'failed'
}

export interface AnswerFinder {
  /**
   * Undefined if the effect is not in the table; `none` if nothing answers it; `missing` if an
   * answer was not among the entries searched. Asked in the order of the entries.
   */
  find(seq: number, effect: Effect): FoundAnswer | 'none' | 'missing' | undefined
}

/** A later answer is of little use to a reader. */
const maxEntries = 5000
/** A refusal comes soon, and does not say which of several equal calls it is of. */
const maxRefusalEntries = 100

interface Seen {
  readonly seq: number
  readonly event: EventObject
}

/** `records` are read ahead of the replay, once. */
export function createAnswerFinder(
  answers: EffectAnswers,
  records: Iterable<JournalRecord>,
): AnswerFinder {
  const source = records[Symbol.iterator]()
  let ahead: Seen[] = []
  let isRead = false

  function readNext(): Seen | undefined {
    while (!isRead) {
      const { done, value } = source.next()
      if (done === true) isRead = true
      else if (isEntry(value) && value.event !== undefined) {
        const seen = { seq: value.seq, event: value.event }
        ahead.push(seen)
        return seen
      }
    }
    return undefined
  }

  function* eventsAfter(seq: number): Generator<Seen> {
    ahead = ahead.filter((seen) => seen.seq > seq)
    yield* ahead
    for (let next = readNext(); next !== undefined; next = readNext())
      if (next.seq > seq) yield next
  }

  return {
    find(seq, effect) {
      const kinds = answersTo(answers, effect)
      if (kinds === undefined) return undefined
      if (kinds.length === 0) return 'none'
      const isOnlyRefused = kinds.every(({ outcome }) => outcome === 'failed')
      const last = seq + (isOnlyRefused ? maxRefusalEntries : maxEntries)
      for (const { seq: at, event } of eventsAfter(seq)) {
        if (at > last) break
        const answer = answerOf(answers, effect, event)
        if (answer !== undefined) return { seq: at, type: event.type, outcome: answer.outcome }
      }
      return isOnlyRefused ? 'none' : 'missing'
    },
  }
}
