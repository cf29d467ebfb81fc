import { effect, signal, type ReadonlySignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { QuestionName, Questions } from '../../protocol/questions.ts'
import { toAnswerError, type AnswerError, type Ask } from '../source/source.ts'

export interface Question<Name extends QuestionName> {
  readonly app: string
  readonly params: Questions[Name]['params']
  /** Another number asks again. */
  readonly round?: number
}

export interface Answer<Name extends QuestionName> {
  /** The answer to the newest question that has one; the one before stays until then. */
  readonly value?: Questions[Name]['answer']
  /** The question that `value` or `error` answers. */
  readonly of?: Question<Name>
  readonly error?: AnswerError
}

/**
 * Keeps the answer to a question that changes. One question is under way at a time; after it, the
 * newest is asked: scrubbing over a thousand entries asks only for those that can be shown.
 */
export function followAnswer<Name extends QuestionName>(
  ask: Ask,
  name: Name,
  question: ReadonlySignal<Question<Name> | undefined>,
): { readonly answer: ReadonlySignal<Answer<Name>>; readonly stop: () => void } {
  const answer = signal<Answer<Name>>({})
  let wanted: Question<Name> | undefined
  let isAsking = false

  const stop = effect(() => {
    const next = question.value
    // The same question in another object, as a component makes one each time it is drawn.
    if (isSame(next, wanted)) return
    wanted = next
    // What is shown of one app is never shown for another; nor is an error for another question.
    const { of, error } = answer.peek()
    if (error !== undefined || (of !== undefined && of.app !== next?.app)) answer.value = {}
    void askNewest()
  })
  return { answer, stop }

  async function askNewest(): Promise<void> {
    if (isAsking) return
    isAsking = true
    for (let asked = wanted; asked !== undefined; asked = wanted === asked ? undefined : wanted)
      await askOnce(asked)
    isAsking = false
  }

  async function askOnce(asked: Question<Name>): Promise<void> {
    const next: Answer<Name> = await ask(asked.app, name, asked.params).then(
      (value) => ({ value, of: asked }),
      (error: unknown) => ({ error: toAnswerError(error), of: asked }),
    )
    if (wanted?.app === asked.app) answer.value = next
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** The answer to a question, for a component. Undefined asks nothing. */
export function useAnswer<Name extends QuestionName>(
  ask: Ask,
  name: Name,
  question: Question<Name> | undefined,
): Answer<Name> {
  const { wanted, answer, stop } = useMemo(() => {
    const wanted = signal(question)
    return { wanted, ...followAnswer(ask, name, wanted) }
  }, [ask, name])
  wanted.value = question
  useEffect(() => stop, [stop])
  return answer.value
}
