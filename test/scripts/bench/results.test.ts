import { describe, expect, it } from 'vitest'
import { merge, sortOut, toText } from '../../../scripts/bench/results.mjs'
import type { Line } from '../../../scripts/bench/results.mjs'
import { blob, lines } from './lines.ts'

describe('merge', () => {
  it('replaces the benchmarks that were measured again', () => {
    const again: Line = { bench: 'jar-server', ...blob, value: 1 }
    expect(
      toText(merge(lines, [again]))
        .split('\n')
        .map((line) => line.slice(0, 55)),
    ).toEqual([
      '{"bench":"jar-server","case":"hot 14 MB blob","value":1',
      '{"bench":"scheduler","case":"status update, 1,000 tasks',
      '{"bench":"scheduler","case":"status update, 10,000 task',
      '{"bench":"scheduler","case":"status update, 100,000 tas',
      '',
    ])
  })
})

describe('sortOut', () => {
  it('keeps nothing of benchmarks that failed, or whose output was cut', () => {
    const ended = lines.filter(({ bench }) => bench === 'jar-server')
    const cut: readonly Line[] = [
      { bench: 'wire', ...blob },
      { bench: 'journal', ...blob },
      { bench: 'journal', failed: 'interrupted' },
    ]
    expect(sortOut([...ended, ...cut])).toEqual({ complete: ended, cut: ['wire', 'journal'] })
  })
})
