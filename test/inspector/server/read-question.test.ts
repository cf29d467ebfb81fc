import { describe, expect, it } from 'vitest'
import { readQuestion } from '../../../src/inspector/server/read-question.ts'

const question = { id: 1, app: 'scheduler', ask: 'rows', params: { from: 0, count: 500 } }

function reading(changes: object): unknown {
  return readQuestion(JSON.stringify({ ...question, ...changes }))
}

describe('a question from a page', () => {
  it('is read with its parameters', () => {
    expect(reading({})).toEqual(question)
  })

  it.each([
    [{ id: 'one' }],
    [{ app: 7 }],
    [{ ask: 'constructor' }],
    [{ ask: 'info' }],
    [{ params: null }],
    [{ params: { from: -1, count: 1 } }],
    [{ params: { from: 0, count: 501 } }],
    [{ params: { from: 0.5, count: 1 } }],
    [{ ask: 'rowsOf', params: { seqs: Array.from({ length: 501 }, () => 1) } }],
    [{ ask: 'context', params: { seq: 1, actor: 'a', path: [1] } }],
    [{ ask: 'find', params: { filter: { text: 'x'.repeat(5000) } } }],
    [{ ask: 'branch', params: { seq: 1, event: { type: 1 } } }],
    [{ ask: 'sandbox', params: { taskId: 't', file: '../../etc/passwd', offset: 0 } }],
    [{ ask: 'control', params: { command: { kind: 'stop' } } }],
  ])('is refused: %j', (changes) => {
    expect(reading(changes)).toHaveProperty('wrong')
  })

  it('is refused when it is no JSON object', () => {
    for (const text of ['', '[]', 'null', '{', '1'])
      expect(readQuestion(text)).toHaveProperty('wrong')
  })
})
