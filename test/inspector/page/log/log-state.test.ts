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

describe('goToFound', () => {
  it('waits for the answer to what was typed last', async () => {
    const answers: ((seqs: readonly number[]) => void)[] = []
    const seq = signal(0)
    const filter = signal<Filter>({})
    const page = {
      app: signal(appInfo()),
      filter,
      seq,
      notice: signal<string | undefined>(undefined),
      ask: () => new Promise((resolve) => answers.push((seqs) => resolve({ seqs }))),
      go: (next: number) => (seq.value = next),
    }
    const log = createLogState(page as unknown as Page)
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
