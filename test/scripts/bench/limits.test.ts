import { describe, expect, it } from 'vitest'
import {
  limitText,
  outcomeOf,
  outcomeText,
  reachOf,
  spreadText,
} from '../../../scripts/bench/limits.mjs'

describe('outcomeOf and limitText', () => {
  it.each([
    [{ ratio: 1.3, limit: { atLeast: 1.3 } }, 'met', '≥ 1.3 ×'],
    [{ ratio: 1.299, limit: { atLeast: 1.3 } }, 'missed', '≥ 1.3 ×'],
    [{ ratio: 2.1, limit: { atMost: 2 } }, 'missed', '≤ 2 ×'],
    [{ value: 900, unit: 'bytes', limit: { atMost: 1024 } }, 'met', '≤ 1,024 bytes'],
    [{ value: 5, unit: 'ms', ratio: 9, limit: { atMost: 2, of: 'value' } }, 'missed', '≤ 2 ms'],
    [{ ratio: 1 }, undefined, ''],
  ] as const)('judge %j', (figure, outcome, text) => {
    expect(outcomeOf(figure)).toBe(outcome)
    expect(limitText(figure)).toBe(text)
  })
})

describe('outcomeText and spreadText', () => {
  const spread = { value: [1, 3], ratio: [0.9, 1.2] } as const

  it.each([
    [{ ratio: 1, limit: { atLeast: 1 } }, '✓', ''],
    [{ ratio: 1, limit: { atLeast: 1 }, spread }, '✓ in the median', '0.9–1.2'],
    [{ ratio: 1, limit: { atLeast: 1.1 }, spread }, '✗ missed in the median', '0.9–1.2'],
    [{ ratio: 1, limit: { atLeast: 0.8 }, spread }, '✓', '0.9–1.2'],
    [{ ratio: 1, value: 2, limit: { atMost: 2.5, of: 'value' }, spread }, '✓ in the median', '1–3'],
    [{ value: 2, spread: { value: [1, 3] } }, '', '1–3'],
  ] as const)('tell of %j', (figure, outcome, text) => {
    expect(outcomeText(figure)).toBe(outcome)
    expect(spreadText(figure)).toBe(text)
  })
})

describe('reachOf', () => {
  it.each([
    [{ ratio: 2, limit: { atLeast: 1 }, spread: { value: [1, 1], ratio: [1, 3] } }, 2, [1, 3]],
    [{ value: 4, limit: { atMost: 2 }, spread: { value: [1, 8] } }, 0.5, [0.25, 2]],
    [{ value: 0, limit: { atMost: 0 } }, 1, []],
    [{ value: -0.1, limit: { atMost: 0 } }, 1, []],
    [{ value: 3, limit: { atMost: 0 } }, 0, []],
  ] as const)('is 1 at the limit, and more where %j is better', (figure, reach, ends) => {
    expect(reachOf(figure)).toEqual({ reach, ends })
  })
})
