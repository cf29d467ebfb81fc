import { describe, expect, it } from 'vitest'
import { createAnswerFinder } from '../../../src/cli/replay/answer-finder.ts'
import { answersText, findAnswers, withAnswer } from '../../../src/cli/replay/effects-answered.ts'
import type { Effect } from '../../../src/journal/core/outbox.ts'
import { executorAnswers } from '../../../src/machines/answers/executor-answers.ts'

const startHost = (taskId: string): Effect => {
  return { key: `1.${taskId}`, type: 'fx.startHost', params: { taskId }, actorId: 'task.a' }
}
const records = [
  { seq: 1, now: 0, event: { type: 'task.launched' } },
  { after: 1, hash: 'h' },
  { seq: 2, now: 0 },
  { seq: 3, now: 0, event: { type: 'host.started', taskId: 'b' } },
  { seq: 4, now: 0, event: { type: 'host.exited', taskId: 'a' } },
  { seq: 5, now: 0, event: { type: 'host.started', taskId: 'a' } },
]
const plain = (text: string) => text
const colours = { dim: plain, red: (text: string) => `red ${text}` } as never

describe('createAnswerFinder', () => {
  it('finds the first later entry that answers', () => {
    const finder = createAnswerFinder(executorAnswers, records)
    const failed = { seq: 4, type: 'host.exited', outcome: 'failed' }
    expect(finder.find(1, startHost('a'))).toEqual(failed)
    expect(finder.find(1, startHost('b'))).toMatchObject({ seq: 3, outcome: 'done' })
    expect(finder.find(4, startHost('a'))).toMatchObject({ seq: 5, outcome: 'done' })
    expect(finder.find(5, startHost('a'))).toBe('missing')
  })

  it('tells effects without an answer from unknown ones', () => {
    const finder = createAnswerFinder(executorAnswers, records)
    expect(finder.find(1, { ...startHost('a'), type: 'fx.exit' })).toBe('none')
    expect(finder.find(1, { ...startHost('a'), type: 'fx.other' })).toBeUndefined()
  })

  it('gives lines for people and members for programs', () => {
    const finder = createAnswerFinder(executorAnswers, records)
    const effects = [startHost('a'), startHost('b'), startHost('c')] as const
    const answers = findAnswers(finder, { seq: 1, effects })
    expect(
      answersText(answers, { actorId: undefined, colours }).map((line) => line.trim()),
    ).toEqual([
      'red                       ↩ fx.startHost a: failed by entry 4, host.exited',
      '↩ fx.startHost b: answered by entry 3, host.started',
      '↩ fx.startHost c: no answer in the entries after it',
    ])
    expect(answersText(answers, { actorId: 'other', colours })).toEqual([])
    expect(withAnswer(effects[0], answers)).toMatchObject({ answer: { seq: 4 } })
    expect(withAnswer(effects[2], answers)).toMatchObject({ answer: null })
    expect(withAnswer(effects[0], undefined)).not.toHaveProperty('answer')
  })
})
