import { readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkJournal } from '../../../src/journal/maintenance/check-journal.ts'
import { sealLine } from '../../../src/journal/files/line.ts'
import { readJournal } from '../../../src/journal/files/read-journal.ts'
import {
  addText,
  codeOf,
  header,
  journalOf,
  lastSegment,
  notes,
  replaceLine,
  segmentedJournal,
  segmentsIn,
  temporaryFolder,
} from '../support/journal-folder.ts'

describe('checkJournal', () => {
  it('counts the contents of a sound journal', async () => {
    const folder = await segmentedJournal([40, 70])
    const report = checkJournal(folder)
    const files = segmentsIn(folder)
    expect(report).toMatchObject({
      header: { ...header, firstSeq: 1 },
      files,
      sizeBytes: files.reduce((sum, file) => sum + statSync(file).size, 0),
      entries: 100,
      checks: 10,
      lastSeq: 100,
      problems: [],
      torn: undefined,
    })
    expect(
      report.snapshots.map(({ seq, isWhole, fingerprint }) => [seq, isWhole, fingerprint]),
    ).toEqual([
      [70, true, 'f00d'],
      [40, true, 'f00d'],
    ])
  })

  it('names every line that is wrong, once', async () => {
    const folder = await segmentedJournal()
    const [first = '', second = '', third = ''] = segmentsIn(folder)
    const before = readFileSync(first, 'utf8').split('\n')
    const removed = JSON.parse(readFileSync(second, 'utf8').split('\n')[3] ?? '') as { seq: number }
    replaceLine(first, 3, 'rubbish')
    replaceLine(second, 4, undefined)
    replaceLine(third, 1, '{}')
    const { problems, entries } = checkJournal(folder)
    const byte = Buffer.byteLength(before.slice(0, 2).join('\n')) + 1
    expect(problems).toMatchObject([
      { file: first, line: 3, seq: 2, byte, reason: expect.stringContaining('checksum') },
      { file: second, line: 4, seq: removed.seq, reason: expect.stringContaining('out of order') },
      { file: third, line: 1, reason: 'is no header of a journal' },
    ])
    expect(entries).toBe(98)
  })

  it('reports a torn tail, which is no problem', async () => {
    const folder = await segmentedJournal()
    const file = lastSegment(folder)
    const byte = statSync(file).size
    addText(file, '{"seq":101,"no')
    const { problems, torn, lastSeq } = checkJournal(folder)
    expect({ problems, torn, lastSeq }).toEqual({
      problems: [],
      torn: { file, byte, cutBytes: 14 },
      lastSeq: 100,
    })
  })

  it('reports segments that are missing or of another journal', async () => {
    const folder = await segmentedJournal()
    const file = segmentsIn(folder)[1] ?? ''
    const { firstSeq, ...rest } = readJournal(file).header
    const other = { ...rest, createdAt: 1, firstSeq }
    replaceLine(file, 1, sealLine(JSON.stringify(other).slice(0, -1)).trimEnd())
    expect(checkJournal(folder).problems).toMatchObject([
      { file, line: 1, reason: 'is the header of another journal' },
    ])
    expect(await codeOf(() => [...readJournal(folder).records])).toBe('JOURNAL_CORRUPT')
  })

  it('looks at a single file too', async () => {
    const folder = await journalOf(notes(10))
    expect(checkJournal(lastSegment(folder))).toMatchObject({
      entries: 10,
      checks: 1,
      problems: [],
    })
    expect(await codeOf(() => checkJournal(temporaryFolder()))).toBe('JOURNAL_NOT_FOUND')
  })
})
