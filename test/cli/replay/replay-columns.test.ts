import { describe, expect, it } from 'vitest'
import { rowText, widthsFor } from '../../../src/cli/replay/replay-columns.ts'

const cells = [
  '1234',
  '2026-01-02T03:04:05.678Z',
  'a-machine-with-a-long-name',
  'mesos.update a-task-with-a-very-long-name TASK_RUNNING',
  'active.waiting.forSomething → active.running.withSomethingElse',
  'fx.call ACKNOWLEDGE a-task-with-a-very-long-name, fx.report',
]

describe('rowText', () => {
  it.each([60, 80, 99, 100, 120, 149])('fits %d columns', (columns) => {
    for (const times of ['relative', 'wall clock'] as const) {
      const shown = times === 'relative' ? cells.with(1, '+12.345 s') : cells
      const line = rowText(shown, widthsFor({ columns, times }))
      expect(line.length).toBeLessThanOrEqual(columns)
      expect(line).toContain(times === 'relative' ? '+12.345 s' : '03:04:05.678Z')
      expect(line).toMatch(/^ *1234 .*…/)
    }
  })

  it('cuts nothing but the event where there is room, and in a file', () => {
    for (const columns of [150, 200, undefined]) {
      const line = rowText(cells, widthsFor({ times: 'wall clock', ...(columns && { columns }) }))
      for (const index of [0, 1, 2, 4, 5]) expect(line).toContain(cells[index])
    }
  })

  it('keeps the columns below each other', () => {
    const widths = widthsFor({ columns: 80 })
    const head = rowText(['seq', 'time', 'actor', 'event', 'from → to', 'effects'], widths)
    const row = rowText(cells.with(1, '+1.000 s'), widths)
    expect(row.indexOf('mesos')).toBe(head.indexOf('event'))
    expect(row.indexOf('fx')).toBe(head.indexOf('effects'))
  })
})
