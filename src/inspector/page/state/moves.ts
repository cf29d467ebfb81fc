/** Ways through a run. */
import type { Landmark, QuestionName, Questions } from '../../protocol/questions.ts'
import { readGoal } from '../text/time.ts'
import { toAnswerError } from '../source/source.ts'
import type { Page } from './page.ts'

export function stepBy(page: Page, entries: number): void {
  page.go(page.seq.value + entries)
}

export const landmarkNames: Readonly<Record<Landmark, string>> = {
  failure: 'failure',
  rejection: 'rejected entry',
  restart: 'restart',
  change: 'change of state',
}

/** Goes to the next entry of a kind. */
export async function jump(page: Page, kind: Landmark, direction: 1 | -1): Promise<void> {
  const answer = await askHere(page, 'next', { seq: page.seq.value, direction, kind })
  if (answer === undefined) return
  const side = direction === 1 ? 'after' : 'before'
  if (answer.seq === null) page.notice.value = `No ${landmarkNames[kind]} ${side} this entry.`
  else page.go(answer.seq)
}

/** Goes to `#1200` or to `03:12`. */
export async function goTo(page: Page, text: string): Promise<void> {
  const app = page.app.value
  const goal = app && readGoal(text, app)
  if (goal === undefined)
    page.notice.value = 'Write a time, such as 03:12, or an entry, such as 1200.'
  else if ('seq' in goal) page.go(goal.seq)
  else await goToTime(page, goal.now)
}

/** Goes to the newest entry at a time, in whole ms since 1970. */
export async function goToTime(page: Page, now: number): Promise<void> {
  const answer = await askHere(page, 'at', { now })
  if (answer !== undefined) page.go(answer.seq)
}

/** The answer; undefined after a notice, or if another app was chosen before it came. */
async function askHere<Name extends QuestionName>(
  page: Page,
  name: Name,
  params: Questions[Name]['params'],
): Promise<Questions[Name]['answer'] | undefined> {
  const app = page.app.peek()?.id
  const answer = await tell(page, page.askApp(name, params))
  return page.app.peek()?.id === app ? answer : undefined
}

/** The answer, or undefined after a notice to the reader. */
export async function tell<T>(page: Page, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    page.notice.value = toAnswerError(error).message
    return undefined
  }
}
