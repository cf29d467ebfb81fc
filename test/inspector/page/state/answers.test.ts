import { signal } from '@preact/signals'
import { describe, expect, it } from 'vitest'
import type { Ask } from '../../../../src/inspector/page/source/source.ts'
import { followAnswer } from '../../../../src/inspector/page/state/answers.ts'
import { settle } from '../support.ts'

function setUp() {
  const asked: { readonly seq: number; readonly finish: (value: unknown) => void }[] = []
  const ask = ((_app: string, _name: string, params: { seq: number }) =>
    new Promise((resolve) => asked.push({ seq: params.seq, finish: resolve }))) as unknown as Ask
  const question = signal<{ app: string; params: { seq: number } } | undefined>({
    app: 'a',
    params: { seq: 1 },
  })
  const { answer } = followAnswer(ask, 'next' as 'moment', question)
  const scrubTo = (seq: number) => (question.value = { app: 'a', params: { seq } })
  return { asked, question, answer, scrubTo }
}

describe('followAnswer', () => {
  it('asks one question at a time, and then the newest', async () => {
    const { asked, scrubTo, answer } = setUp()
    for (const seq of [2, 3, 4]) scrubTo(seq)
    expect(asked.map(({ seq }) => seq)).toEqual([1])
    asked[0]?.finish('one')
    await settle()
    expect(asked.map(({ seq }) => seq)).toEqual([1, 4])
    expect(answer.value).toMatchObject({ value: 'one', of: { params: { seq: 1 } } })
    asked[1]?.finish('four')
    await settle()
    expect(answer.value).toMatchObject({ value: 'four', of: { params: { seq: 4 } } })
  })

  it('shows what it has, unchanged, until a newer answer is there', async () => {
    const { asked, scrubTo, answer } = setUp()
    asked[0]?.finish('one')
    await settle()
    const shown = answer.value
    scrubTo(2)
    expect(answer.value).toBe(shown)
  })

  it('shows no error for another question', async () => {
    const { asked, scrubTo, answer } = setUp()
    asked[0]?.finish(Promise.reject(new Error('gone')))
    await settle()
    expect(answer.value.error?.message).toBe('gone')
    scrubTo(2)
    expect(answer.value).toEqual({})
  })

  it('names the question of an error, which may not be the newest', async () => {
    const { asked, scrubTo, answer } = setUp()
    scrubTo(2)
    asked[0]?.finish(Promise.reject(new Error('gone')))
    await settle()
    expect(answer.value).toMatchObject({ error: { message: 'gone' }, of: { params: { seq: 1 } } })
  })

  it('asks nothing again that is the same, whether before or after its answer', async () => {
    const { asked, scrubTo } = setUp()
    scrubTo(1)
    asked[0]?.finish('one')
    await settle()
    scrubTo(1)
    await settle()
    expect(asked).toHaveLength(1)
  })

  it('never shows the answer of one app for another', async () => {
    const { asked, question, answer } = setUp()
    question.value = { app: 'b', params: { seq: 1 } }
    asked[0]?.finish('of a')
    await settle()
    expect(answer.value.value).toBeUndefined()
    asked[1]?.finish('of b')
    await settle()
    expect(answer.value.value).toBe('of b')
  })

  it('has no answer without a question', async () => {
    const { asked, question, answer } = setUp()
    question.value = undefined
    asked[0]?.finish('late')
    await settle()
    expect(answer.value).toEqual({})
  })
})
