import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { OutageNotice } from '../../../src/cli/report/outage-notice.ts'
import type { ReportedEvent } from '../../../src/cli/report/record/reported-event.ts'

let lines: string[] = []
let notice: OutageNotice

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
  lines = []
  notice = new OutageNotice((text) => lines.push(text))
  notice.open('m\u001b[31m:5050')
})

afterEach(() => {
  notice.close()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

function lost(retryable: boolean): ReportedEvent {
  const payload = { code: 'MASTER_UNREACHABLE', message: 'no \u001b[2Jroute', retryable }
  return { event: 'framework.disconnected', at: Date.now(), payload }
}

describe('OutageNotice', () => {
  it('reports a master that never answers, ever more rarely up to each minute', () => {
    vi.advanceTimersByTime(240_000)
    const after = [3, 9, 21, 45, 93, 153, 213]
    expect(lines).toEqual(
      after.map((seconds) => `no answer from the master at m:5050 for ${seconds}.0 s`),
    )
  })

  it('does not count the time of staging', () => {
    vi.advanceTimersByTime(2900)
    const payload = { name: 'a.jar', stagedBytes: 1, sizeBytes: 2 }
    notice.record({ event: 'library.staging', at: Date.now(), payload })
    vi.advanceTimersByTime(2900)
    expect(lines).toEqual([])
  })

  it('reports the first loss at once, and its cause until registered', () => {
    notice.record(lost(true))
    notice.record(lost(true))
    vi.advanceTimersByTime(3000)
    const payload = { frameworkId: 'f' }
    notice.record({ event: 'framework.registered', at: Date.now(), payload })
    vi.advanceTimersByTime(9000)
    expect(lines).toEqual([
      'no connection to the master: no route; retrying',
      'no connection to the master for 3.0 s: no route',
    ])
  })

  it('passes on failures that are not retried', () => {
    notice.record(lost(false))
    vi.advanceTimersByTime(9000)
    expect(lines).toEqual([])
  })
})
