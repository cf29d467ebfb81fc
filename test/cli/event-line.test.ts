import { describe, expect, it } from 'vitest'
import { describeEvent } from '../../src/cli/event-line.ts'
import { createRunLog } from '../../src/cli/run-log.ts'
import { failed, fetched, finished, launched } from './reported-events.ts'

const log = createRunLog()
for (const event of [launched, finished]) log.record(event)

describe('describeEvent', () => {
  it('names hosts and durations that earlier events told', () => {
    expect(describeEvent(fetched, log)?.text).toBe('east has a.jar, 1.5 kB, had it cached')
    expect(describeEvent(finished, log)?.text).toBe('task sum finished in 1.5 s')
  })

  it('warns of tasks that failed', () => {
    expect(describeEvent(failed, log)).toEqual({
      kind: 'warning',
      text: 'task load TASK_FAILED: no class a.B (CLASS_NOT_FOUND)',
    })
  })

  it('is silent about staging under way and updates of no news', () => {
    const staging = { name: 'a.jar', stagedBytes: 1, sizeBytes: 2 }
    expect(
      describeEvent({ event: 'library.staging', at: 0, payload: staging }, log),
    ).toBeUndefined()
    expect(
      describeEvent({ event: 'offers.received', at: 0, payload: { count: 1, launched: 0 } }, log),
    ).toBeUndefined()
  })
})
