import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkJournal } from '../../../src/journal/maintenance/check-journal.ts'
import { compactJournal } from '../../../src/journal/maintenance/compact-journal.ts'
import { exportJournal } from '../../../src/journal/maintenance/export-journal.ts'
import { sealLine } from '../../../src/journal/files/line.ts'
import { readJournal } from '../../../src/journal/files/read-journal.ts'
import {
  addText,
  codeOf,
  header,
  journalOf,
  lastSegment,
  note,
  notes,
  open,
  replaceLine,
  segmentsIn,
  temporaryFolder,
} from '../support/journal-folder.ts'

async function segmentedJournal(snapshots: readonly number[] = []): Promise<string> {
  const folder = await journalOf(notes(100), 1000)
  const journal = await open(folder, { segmentBytes: 1000 })
  for (const seq of snapshots) {
    await journal.writeSnapshot({ seq, fingerprint: 'f00d', state: { seq } })
  }
  await journal.close()
  return folder
}

describe('checkJournal', () => {
  it('counts what a sound journal has', async () => {
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

describe('exportJournal', () => {
  it('writes one file with the same records', async () => {
    const folder = await segmentedJournal()
    const file = join(temporaryFolder(), 'run.ndjson')
    const { sizeBytes, ...result } = await exportJournal(folder, file)
    expect(result).toEqual({ file, firstSeq: 1, lastSeq: 100, torn: undefined, payloads: [] })
    expect(statSync(file).size).toBe(sizeBytes)
    const written = (path: string) => [...readJournal(path).records]
    expect(written(file)).toEqual(written(folder))
    // Each line ends what was written with it, so that a person may cut the file behind any.
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(1)
    expect(lines.every((line) => line.includes(',"end":1,'))).toBe(true)
    expect([...readJournal(file).records]).toEqual(notes(100))
  })

  it('leaves out a torn tail, and can copy its own copy', async () => {
    const folder = await journalOf(notes(20))
    addText(lastSegment(folder), '{"seq":21')
    const out = temporaryFolder()
    expect((await exportJournal(folder, join(out, 'one'))).torn?.cutBytes).toBe(9)
    await exportJournal(join(out, 'one'), join(out, 'two'))
    expect(readFileSync(join(out, 'two'))).toEqual(readFileSync(join(out, 'one')))
  })

  it('keeps what is already there, and leaves no half file', async () => {
    const folder = await segmentedJournal()
    const file = join(temporaryFolder(), 'there')
    writeFileSync(file, 'mine')
    expect(await codeOf(() => exportJournal(folder, file))).toBe('JOURNAL_UNWRITABLE')
    expect(readFileSync(file, 'utf8')).toBe('mine')
    replaceLine(segmentsIn(folder)[2] ?? '', 2, 'rubbish')
    expect(await codeOf(() => exportJournal(folder, `${file}.2`))).toBe('JOURNAL_CORRUPT')
    expect(readdirSync(join(file, '..'))).toEqual(['there'])
  })
})

describe('compactJournal', () => {
  it('drops the segments that a snapshot stands for', async () => {
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
