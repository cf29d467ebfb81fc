/** What the page's filter finds. */
import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals'
import type { Filter } from '../../protocol/questions.ts'
import { followAnswer, type Answer } from '../state/answers.ts'
import type { Page } from '../state/page.ts'
import { roundOf } from '../state/round.ts'

export interface LogState {
  /** The log shows nothing but what was found. */
  readonly isOnlyFound: Signal<boolean>
  /** Entries that match, in order; undefined without a filter or before its answer. */
  readonly found: ReadonlySignal<readonly number[] | undefined>
  readonly answer: ReadonlySignal<Answer<'find'>>
  /** Goes to the next entry that matches. */
  readonly goToFound: (direction: 1 | -1) => void
}

export function createLogState(page: Page): LogState {
  const { filter } = page
  const question = computed(() => {
    const app = page.app.value
    if (app === undefined || isEmpty(filter.value)) return undefined
    return { app: app.id, params: { filter: withoutEmpty(filter.value) }, round: roundOf(app) }
  })
  const { answer } = followAnswer(page.ask, 'find', question)
  const found = computed(() => answer.value.value?.seqs)
  /** Where to go once the filter has its answer: keys are faster than that. */
  let awaited: 1 | -1 | undefined

  function isAnswered(): boolean {
    return isSame(answer.value.of?.params.filter, question.value?.params.filter)
  }

  function go(direction: 1 | -1): void {
    const next = nextFound(found.peek() ?? [], page.seq.peek(), direction)
    if (next === undefined) page.notice.value = 'No entry matches.'
    else page.go(next)
  }

  effect(() => {
    if (!isAnswered() || awaited === undefined) return
    const direction = awaited
    awaited = undefined
    // The reader may have cleared the filter meanwhile.
    if (question.peek() !== undefined) go(direction)
  })

  return {
    isOnlyFound: signal(true),
    found,
    answer,
    goToFound(direction) {
      if (isAnswered()) go(direction)
      else awaited = direction
    },
  }
}

function isSame(one: Filter | undefined, other: Filter | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** The next of ascending `seqs`, and from the last one to the first. */
export function nextFound(
  seqs: readonly number[],
  seq: number,
  direction: 1 | -1,
): number | undefined {
  const at = indexFrom(seqs, direction === 1 ? seq + 1 : seq)
  return direction === 1 ? (seqs[at] ?? seqs[0]) : (seqs[at - 1] ?? seqs.at(-1))
}

/** Index of the first of ascending `seqs` that is at least `seq`. */
export function indexFrom(seqs: readonly number[], seq: number): number {
  let low = 0
  let high = seqs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((seqs[middle] ?? 0) < seq) low = middle + 1
    else high = middle
  }
  return low
}

export function isEmpty({ text, actor, type, failedOnly }: Filter): boolean {
  return !text && !actor && !type && failedOnly !== true
}

function withoutEmpty(filter: Filter): Filter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => Boolean(value)))
}
