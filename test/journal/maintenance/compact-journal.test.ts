import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkJournal } from '../../../src/journal/maintenance/check-journal.ts'
import { compactJournal } from '../../../src/journal/maintenance/compact-journal.ts'
import { readJournal } from '../../../src/journal/files/read-journal.ts'
import {
  codeOf,
  note,
  open,
  segmentedJournal,
  segmentsIn,
  temporaryFolder,
} from '../support/journal-folder.ts'

describe('compactJournal', () => {
  it('removes the segments that a snapshot replaces', async () => {
    const folder = await segmentedJournal([20, 60])
    const before = segmentsIn(folder)
    const result = await compactJournal(folder)
    const kept = segmentsIn(folder)
    expect(kept.length).toBeLessThan(before.length)
    expect(result).toMatchObject({ snapshotSeq: 60, lastSeq: 100 })
    expect(result.firstSeq).toBeLessThanOrEqual(61)
    expect(result.dropped.map(({ file }) => file)).toEqual([
      ...before.slice(0, before.length - kept.length),
      join(folder, 'snapshot-0000000000000020.json'),
    ])
    const journal = await open(folder, { segmentBytes: 1000 })
    expect(journal.header.firstSeq).toBe(result.firstSeq)
    expect(journal.readSnapshot('f00d')?.seq).toBe(60)
    expect([...journal.read(61)].filter((record) => 'seq' in record).length).toBe(40)
    await journal.append([note(101)])
    expect(await codeOf(() => [...journal.read(1)])).toBe('JOURNAL_COMPACTED')
    await journal.close()
    expect(checkJournal(folder)).toMatchObject({ problems: [], lastSeq: 101 })
    expect(readJournal(folder).header.firstSeq).toBe(result.firstSeq)
  })

  it('keeps all without a snapshot that fits', async () => {
    const folder = await segmentedJournal([60])
    writeFileSync(join(folder, 'snapshot-0000000000000080.json'), 'rubbish')
    const before = segmentsIn(folder)
    const result = await compactJournal(folder, { fingerprint: 'beef' })
    expect(result).toEqual({ snapshotSeq: undefined, dropped: [], firstSeq: 1, lastSeq: 100 })
    expect(segmentsIn(folder)).toEqual(before)
  })

  it('keeps the last segment, also when the snapshot holds it all', async () => {
    const folder = await segmentedJournal([100])
    const { firstSeq } = await compactJournal(folder)
    expect(segmentsIn(folder).length).toBe(1)
    expect(firstSeq).toBe(readJournal(folder).header.firstSeq)
    expect(await compactJournal(folder)).toMatchObject({ dropped: [], firstSeq })
  })

  it('waits for no writer', async () => {
    const folder = await segmentedJournal([60])
    const journal = await open(folder)
    expect(await codeOf(() => compactJournal(folder))).toBe('JOURNAL_LOCKED')
    await journal.close()
    expect(await codeOf(() => compactJournal(temporaryFolder()))).toBe('JOURNAL_NOT_FOUND')
  })
})
