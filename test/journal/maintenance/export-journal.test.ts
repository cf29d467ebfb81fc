import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exportJournal } from '../../../src/journal/maintenance/export-journal.ts'
import { readJournal } from '../../../src/journal/files/read-journal.ts'
import {
  addText,
  codeOf,
  journalOf,
  lastSegment,
  notes,
  replaceLine,
  segmentedJournal,
  segmentsIn,
  temporaryFolder,
} from '../support/journal-folder.ts'

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

  it('keeps a file that is there, and leaves no partial one', async () => {
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
