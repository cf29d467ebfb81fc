import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { AnyStateMachine } from 'xstate'
import type { CoreState } from '../../src/journal/core/core-state.ts'
import { isEntry } from '../../src/journal/journal.ts'
import type { JournalRecord } from '../../src/journal/journal.ts'
import { readJournal } from '../../src/journal/files/read-journal.ts'
import { createEncoder, encodeHeader } from '../../src/journal/files/record.ts'
import type { JournalHeader } from '../../src/journal/files/record.ts'
import { replay as replayRecords } from '../../src/journal/replay/replay.ts'
import { executorMachine } from '../../src/machines/executor/executor.ts'
import { schedulerMachine } from '../../src/machines/scheduler/scheduler.ts'
import { replay } from '../../src/testing/replay.ts'
import { goldenJournals } from '../fixtures/journals/scenarios.ts'

const fileOf = (name: string) =>
  fileURLToPath(new URL(`../fixtures/journals/${name}.ndjson`, import.meta.url))
const journals = goldenJournals()

describe('golden journals', () => {
  it.each(Object.keys(journals))('%s replays to every recorded state', (name) => {
    const path = fileOf(name)
    const { steps } = name === 'executor' ? replay(path, executorMachine) : replay(path)
    expect(steps.length).toBeGreaterThan(5)
    expect(steps.every(({ checks }) => checks === 1)).toBe(true)
  })

  it.each(Object.keys(journals))(
    '%s ends in the same bytes from a snapshot at any entry',
    (name) => {
      const path = fileOf(name)
      const whole = name === 'executor' ? replay(path, executorMachine) : replay(path)
      const journal = readJournal<never>(path)
      const { header } = journal
      const records = [...journal.records]
      const machine: AnyStateMachine = name === 'executor' ? executorMachine : schedulerMachine
      const states = statesAfterEach(machine, header, records)
      expect(states).toHaveLength(whole.steps.length)
      for (const [seq, state] of states.entries()) {
        const again = replayRecords(machine, header.input, header.createdAt, records, {
          from: { seq, state },
        })
        expect([...again].flatMap(({ mismatches }) => mismatches)).toEqual([])
        expect(again.hash()).toBe(whole.hash)
      }
    },
  )

  it.each(Object.entries(journals))('%s is what its scenario makes', (name, journal) => {
    // The definition may change where no state does: only its fingerprint is another then.
    const kept = readFileSync(fileOf(name), 'utf8').split('\n').slice(1).join('\n')
    expect(journal.failure).toBeUndefined()
    expect(encodeHeader(journal.header)).toContain(`"machine":"${name.split('-')[0]}"`)
    expect(journal.records.map(createEncoder(journal.header)).join('')).toBe(kept)
  })
})

/** As snapshots on disk have them, the initial state first. */
function statesAfterEach(
  machine: AnyStateMachine,
  { input, createdAt }: JournalHeader,
  records: readonly JournalRecord<never>[],
): readonly CoreState[] {
  const replayed = replayRecords(machine, input, createdAt, records)
  const states: CoreState[] = []
  // A step is given out once the next entry was applied, so each prefix is replayed to its own end.
  for (const { seq } of replayed) {
    const prefix = replayRecords(machine, input, createdAt, upTo(records, seq))
    for (const _ of prefix);
    states.push(prefix.state())
  }
  return states
}

function upTo(records: readonly JournalRecord<never>[], seq: number) {
  return records.filter((record) => (isEntry(record) ? record.seq : record.after) <= seq)
}
