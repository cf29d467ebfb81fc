import { AssertionError } from 'node:assert'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { storyOf } from '../support/machines/story.ts'
import { createMachine } from 'xstate'
import { isEntry } from '../../src/journal/journal.ts'
import { executorMachine } from '../../src/machines/executor/executor.ts'
import { schedulerMachine } from '../../src/machines/scheduler/scheduler.ts'
import type { SchedulerInboxEvent } from '../../src/machines/scheduler/events.ts'
import { keepJournal, recordJournal, writeJournal } from '../../src/testing/record-journal.ts'
import { replay } from '../../src/testing/replay.ts'
import { schedulerEvent } from '../support/machines/scheduler-events.ts'

const folder = mkdtempSync(join(tmpdir(), 'jarcast-testing-'))
const input = { framework: { user: 'u', name: 'n' }, hasLibraries: true, timeoutMs: 5000 }
const subscribed: SchedulerInboxEvent = { type: 'mesos.subscribed', frameworkId: 'f1' }
const steps = [subscribed, { afterMs: 40 }, { type: 'framework.drain' } as const]

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('replay', () => {
  it('gives every step, all effects and the state', () => {
    const run = replay(recordJournal(schedulerMachine, { input, startedAt: 5, steps }))
    expect(run.steps.map(({ seq, now }) => [seq, now])).toEqual([
      [0, 5],
      [1, 5],
      [2, 45],
    ])
    expect(run.effects.map(({ type }) => type)).toEqual([
      'fx.subscribe',
      'fx.startJarServer',
      'fx.close',
    ])
    expect(storyOf(run.snapshot)).toEqual({ stopping: 'tearingDown' })
    expect(run.state.now).toBe(45)
    expect(run.hash).toMatch(/^[0-9a-f]{16}$/)
  })

  it('is the same from a file', () => {
    const journal = recordJournal(schedulerMachine, { input, steps })
    const file = join(folder, 'run.ndjson')
    writeJournal(file, journal)
    expect(replay(file).hash).toBe(replay(journal).hash)
  })

  it('names the first entry whose state is another', () => {
    const journal = recordJournal(schedulerMachine, { input, steps })
    const records = journal.records.map((record) =>
      'after' in record && record.after > 0 ? { ...record, hash: 'other' } : record,
    )
    const wrong = () => replay({ ...journal, records })
    expect(wrong).toThrow(AssertionError)
    expect(wrong).toThrow('after entry 1 (mesos.subscribed) the recorded hash is other')
  })

  it('refuses a file of another machine', () => {
    const file = join(folder, 'scheduler.ndjson')
    writeJournal(file, recordJournal(schedulerMachine, { input, steps }))
    expect(() => replay(file, executorMachine)).toThrow('machine scheduler, not executor')
  })
})

describe('recordJournal', () => {
  it('keeps the entry that made the machine throw, and continues', () => {
    const fragile = createMachine({
      id: 'fragile',
      on: {
        knock: {
          guard: () => {
            throw new Error('broke')
          },
        },
        ring: { actions: 'fx.open' },
      },
    })
    const journal = recordJournal(fragile, {
      input: undefined,
      steps: [{ type: 'knock' }, { type: 'ring' }],
    })
    expect(String(journal.failure)).toContain('broke')
    expect(journal.records.filter(isEntry)).toMatchObject([
      { seq: 1, event: { type: 'knock' } },
      { seq: 2, event: { type: 'ring' } },
    ])
    const [, knock, ring] = replay(journal, fragile).steps
    expect(knock?.rejections).toMatchObject([{ event: { type: 'knock' } }])
    expect(ring?.rejections).toEqual([])
  })
})

describe('keepJournal', () => {
  it('keeps the smallest counterexample of a property', () => {
    const file = join(folder, 'counterexample.ndjson')
    const property = fc.property(fc.array(schedulerEvent, { maxLength: 20 }), (events) => {
      const journal = recordJournal(schedulerMachine, { input, steps: events })
      keepJournal(file, journal, () => {
        expect(replay(journal).snapshot.matches('stopping')).toBe(false)
      })
    })
    const failed = fc.check(property, { numRuns: 300, seed: 1 })
    expect(failed.failed).toBe(true)
    expect(String(failed.errorInstance)).toContain(`npx jarcast replay ${file}`)
    // The start, and the one event that is enough.
    expect(replay(file).steps).toHaveLength(2)
    expect(replay(file).snapshot.matches('stopping')).toBe(true)
  })

  it('returns the result of the check, and writes nothing, while all is well', () => {
    const file = join(folder, 'nothing.ndjson')
    const journal = recordJournal(schedulerMachine, { input, steps })
    expect(keepJournal(file, journal, () => 7)).toBe(7)
    expect(() => replay(file)).toThrow('there is no journal')
  })
})
