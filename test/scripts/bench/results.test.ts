import { describe, expect, it } from 'vitest'
import { merge, toText } from '../../../scripts/bench/results.mjs'
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
