import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCore } from '../../../src/journal/core/core.ts'
import { createMemoryJournal, isEntry } from '../../../src/journal/journal.ts'
import { replay } from '../../../src/journal/replay/replay.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import { createManualClock } from '../../../src/testing/manual-clock.ts'
import { schedulerEvent } from '../../support/machines/scheduler-events.ts'

const input = {
  framework: { user: 'u', name: 'n' },
  hasLibraries: true,
  timeoutMs: 5000,
  policy: {
    offerHoldMs: 1000,
    inverseOffers: 'move',
    unknownTasks: 'kill',
    reconcileEveryMs: 5000,
    revives: { burst: 2, refillMs: 1000 },
  },
} as const
const steps = fc.array(
  fc.record({ event: schedulerEvent, waitMs: fc.constantFrom(0, 0, 1, 700, 6000) }),
  {
    maxLength: 60,
  },
)

/** A live run through the steps: its journal, and what its state was after every entry. */
function live(list: readonly { event: SchedulerInboxEvent; waitMs: number }[]) {
  const clock = createManualClock()
  const journal = createMemoryJournal<SchedulerInboxEvent>(0)
  const runtime = createRuntime(schedulerMachine, {
    input,
    journal,
    clock,
  })
  runtime.start()
  for (const { event, waitMs } of list) {
    runtime.dispatch(event)
    clock.advance(waitMs)
  }
  return { journal, runtime }
}

describe('replay of 1,000 random scheduler runs', () => {
  it('ends in the same bytes as live, with every recorded hash right', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { journal, runtime } = live(list)
        const replayed = replay(schedulerMachine, input, 0, journal.read(1))
        expect([...replayed].flatMap(({ mismatches }) => mismatches)).toEqual([])
        expect(JSON.stringify(replayed.state())).toBe(JSON.stringify(runtime.state()))
      }),
      { numRuns: 1000 },
    )
  })

  it('ends in the same bytes from a snapshot at any entry', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { journal, runtime } = live(list)
        const entries = [...journal.read(1)].filter(isEntry)
        const end = JSON.stringify(runtime.state())
        const walker = createCore(schedulerMachine, { input, startMs: 0 })
        walker.start()
        for (const [index, entry] of entries.entries()) {
          walker.apply(entry)
          // Through text, as a snapshot on disk goes.
          const state = JSON.parse(JSON.stringify(walker.state())) as ReturnType<
            typeof walker.state
          >
          const restored = createCore(schedulerMachine, { input, startMs: 0, state })
          restored.start()
          for (const later of entries.slice(index + 1)) restored.apply(later)
          expect(JSON.stringify(restored.state())).toBe(end)
        }
      }),
      { numRuns: 100 },
    )
  })
})
