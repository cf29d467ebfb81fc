import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openJournalPages } from '../../../src/journal/replay/journal-pages.ts'
import { notes, note, open, temporaryFolder } from '../support/journal-folder.ts'

describe('openJournalPages', () => {
  it('reads entries by number, across files, and those that were added since', async () => {
    const folder = temporaryFolder()
    const writer = await open(folder, { segmentBytes: 40_000 })
    await writer.append(notes(3000))
    const pages = openJournalPages(folder, [])
    const seqs = (seq: number, count: number) => pages.read(seq, count).map((entry) => entry.seq)
    expect(seqs(2500, 3)).toEqual([2500, 2501, 2502])
    expect(seqs(2503, 2)).toEqual([2503, 2504])
    expect(seqs(1, 2)).toEqual([1, 2])
    expect(seqs(2999, 9)).toEqual([2999, 3000])
    expect(seqs(3001, 9)).toEqual([])
    await writer.append([note(3001, 'new')])
    expect(pages.read(3001, 9)).toEqual([note(3001, 'new')])
    await writer.close()
  })

  it('begins near what is asked for once it was there', async () => {
    const folder = temporaryFolder()
    const writer = await open(folder)
    await writer.append(Array.from({ length: 3000 }, (_, index) => note(index + 1)))
    await writer.close()
    const pages = openJournalPages(folder, [])
    expect(pages.read(1, 3000)).toHaveLength(3000)
    // A reader from the start would find the damage.
    const file = join(folder, 'journal-0000000000000001.ndjson')
    writeFileSync(file, readFileSync(file, 'utf8').replace('text 3"', 'text x"'))
    expect(pages.read(2600, 1)).toMatchObject([{ seq: 2600 }])
    expect(() => pages.read(3, 1)).toThrow('journal-0000000000000001.ndjson')
  })

  it("changes earlier events into today's", async () => {
    const folder = temporaryFolder()
    const writer = await open(folder)
    await writer.append([note(1)])
    await writer.close()
    const upcast = () => ({ type: 'remark' })
    const pages = openJournalPages(folder, [{ version: '1', type: 'note', upcast }])
    expect(pages.read(1, 1)).toMatchObject([{ event: { type: 'remark' } }])
  })
})
