import { describe, expect, it } from 'vitest'
import { createMachine } from 'xstate'
import { createTimeTravel } from '../../../../src/inspector/replay-app/run/time-travel.ts'
import type { CoreMoment } from '../../../../src/journal/core/moment.ts'

const moment: CoreMoment = { now: 0, tree: { actors: [], snapshots: [] }, timers: [] }

function given() {
  const start = { machine: createMachine({}), input: undefined, startedAt: 0 }
  return createTimeTravel(start, () => undefined)
}

describe('createTimeTravel', () => {
  it('keeps checkpoints of the past, however many are kept of the present', () => {
    const travel = given()
    for (let seq = 0; seq <= 100_000; seq += 1000) travel.keep({ seq, moment })
    for (let seq = 100_001; seq <= 110_000; seq++) travel.keep({ seq, moment })
    for (const seq of [10_000, 50_000, 90_000])
      expect(travel.firstAfter(seq)?.seq).toBeLessThan(seq + 2000)
    expect(travel.latest?.seq).toBe(110_000)
  })

  it('forgets checkpoints before an entry', () => {
    const travel = given()
    for (const seq of [10, 20, 30]) travel.keep({ seq, moment })
    travel.forgetBefore(20)
    expect(travel.firstAfter(0)?.seq).toBe(20)
  })
})
