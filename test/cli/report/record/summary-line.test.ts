import { describe, expect, it } from 'vitest'
import { createRunLog } from '../../../../src/cli/report/record/run-log.ts'
import { summaryLine } from '../../../../src/cli/report/record/summary-line.ts'
import { failed, fetched, finished, launched, served } from '../reported-events.ts'

describe('summaryLine', () => {
  it('counts tasks, bytes and cache hits', () => {
    const log = createRunLog(['load', 'sum', 'late'])
    for (const event of [launched, fetched, finished, failed, served]) log.record(event)
    expect(summaryLine(log.totals(), 3)).toBe(
      '1 of 3 tasks finished, 1 failed; 15.2 MB served in 3 requests; 0 libraries fetched, 1 cache hit',
    )
  })

  it('reports the failures before', () => {
    const totals = { ...createRunLog().totals(), corrupted: 1, retried: 2 }
    expect(summaryLine(totals, 0)).toContain('1 corrupted download fetched again; 2 retries')
  })
})
