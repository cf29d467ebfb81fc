import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { encodeHeader, encodeRecord } from '../../src/journal/record.ts'
import { executorMachine } from '../../src/machines/executor.ts'
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

  it.each(Object.entries(journals))('%s is what its scenario makes', (name, journal) => {
    // The definition may change where no state does: only its fingerprint is another then.
    const kept = readFileSync(fileOf(name), 'utf8').split('\n').slice(1).join('\n')
    expect(journal.failure).toBeUndefined()
    expect(encodeHeader(journal.header)).toContain(`"machine":"${name.split('-')[0]}"`)
    expect(journal.records.map(encodeRecord).join('')).toBe(kept)
  })
})
