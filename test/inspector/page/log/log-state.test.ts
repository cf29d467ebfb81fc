import { describe, expect, it } from 'vitest'
import { signal } from '@preact/signals'
import {
  createLogState,
  indexFrom,
  nextFound,
} from '../../../../src/inspector/page/log/log-state.ts'
import type { Page } from '../../../../src/inspector/page/state/page.ts'
import type { Filter } from '../../../../src/inspector/protocol/questions.ts'
import { appInfo, settle } from '../support.ts'

const found = [3, 7, 9]

/** A page whose questions wait for their answers. */
function setUp() {
  const answers: ((seqs: readonly number[] | Promise<never>) => void)[] = []
  const seq = signal(0)
  const filter = signal<Filter>({})
  const notice = signal<string | undefined>(undefined)
  const page = {
    app: signal(appInfo()),
    filter,
    seq,
    notice,
    ask: async () => ({ seqs: await new Promise((resolve) => answers.push(resolve)) }),
    go: (next: number) => (seq.value = next),
  }
  return { log: createLogState(page as unknown as Page), answers, filter, seq, notice }
}

describe('goToFound', () => {
  it('waits for the answer to what was typed last', async () => {
    const { log, answers, filter, seq } = setUp()
    filter.value = { text: 'a' }
    answers[0]?.([5])
    await settle()
    filter.value = { text: 'ab' }
    log.goToFound(1)
    await settle()
    expect(seq.value).toBe(0)
    answers[1]?.([8])
    await settle()
    expect(seq.value).toBe(8)
    filter.value = { text: 'abc' }
    answers[2]?.([9])
    await settle()
    expect(seq.value).toBe(8)
  })

  it('still waits where what was typed before is refused', async () => {
    const { log, answers, filter, seq, notice } = setUp()
    filter.value = { text: '(', isRegex: true }
    filter.value = { text: '(a)', isRegex: true }
    log.goToFound(1)
    answers[0]?.(Promise.reject(new Error('Unterminated group')))
    await settle()
    expect([seq.value, notice.value]).toEqual([0, undefined])
    answers[1]?.([8])
    await settle()
    expect(seq.value).toBe(8)
  })

  it('goes nowhere, and says nothing, once the filter is cleared', async () => {
    const { log, answers, filter, seq, notice } = setUp()
    filter.value = { text: 'a' }
    log.goToFound(1)
    filter.value = {}
    answers[0]?.([8])
    await settle()
    expect([seq.value, notice.value]).toEqual([0, undefined])
  })
})

describe('nextFound', () => {
  it.each([
    [0, 1, 3],
    [3, 1, 7],
    [8, 1, 9],
    [9, 1, 3],
    [9, -1, 7],
    [8, -1, 7],
    [3, -1, 9],
  ] as const)('from entry %i in direction %i is entry %i', (seq, direction, next) => {
    expect(nextFound(found, seq, direction)).toBe(next)
  })

  it('finds nothing in nothing', () => {
    expect(nextFound([], 5, 1)).toBeUndefined()
  })
})

describe('indexFrom', () => {
  it('finds the first that is not before an entry', () => {
    expect([0, 3, 4, 9, 10].map((seq) => indexFrom(found, seq))).toEqual([0, 0, 1, 2, 3])
  })
})
