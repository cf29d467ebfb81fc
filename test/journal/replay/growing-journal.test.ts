import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isEntry } from '../../../src/journal/journal.ts'
import { createEncoder, encodeHeader } from '../../../src/journal/files/record.ts'
import { followJournal } from '../../../src/journal/replay/growing-journal.ts'
import type { GrowingJournal } from '../../../src/journal/replay/growing-journal.ts'
import { header, note, notes, open, temporaryFolder } from '../support/journal-folder.ts'

function seqsAfter(journal: GrowingJournal, seq: number): readonly number[] {
  return [...journal.readAfter(seq)].filter(isEntry).map((entry) => entry.seq)
}

describe('followJournal', () => {
  it('reads what was added since, across files', async () => {
    const folder = temporaryFolder()
    const writer = await open(folder, { segmentBytes: 400 })
    const journal = followJournal(folder, [])
    for (let seq = 1; seq <= 40; seq++) {
      await writer.append([note(seq), ...(seq % 5 === 0 ? [{ after: seq, hash: 'h' }] : [])])
      if (seq % 3 !== 0) continue
      expect(seqsAfter(journal, seq - 3)).toEqual([seq - 2, seq - 1, seq])
      expect(journal.isOver()).toBe(false)
    }
    await writer.close()
    expect(seqsAfter(journal, 39)).toEqual([40])
    expect(seqsAfter(journal, 40)).toEqual([])
    expect(journal.isOver()).toBe(true)
  })

  it('reads again from any entry', async () => {
    const folder = temporaryFolder()
    const writer = await open(folder)
    await writer.append(notes(20))
    const journal = followJournal(folder, [])
    expect(seqsAfter(journal, 0).length).toBe(20)
    expect(seqsAfter(journal, 5)[0]).toBe(6)
    await writer.close()
  })

  it('reads no line of before again', () => {
    const file = join(temporaryFolder(), 'run.ndjson')
    const head = { ...header, format: 1, id: '0badcafe', firstSeq: 1, chain: '0badcafe' } as const
    const encode = createEncoder(head)
    // Longer than the end of a file that is looked at in any case.
    const long = (seq: number) => encode(note(seq, `text ${seq}`.padEnd(10_000, '.')))
    const seqs = Array.from({ length: 20 }, (_, index) => index + 1)
    writeFileSync(file, encodeHeader(head) + seqs.map(long).join(''))
    const journal = followJournal(file, [])
    expect(seqsAfter(journal, 0)).toEqual(seqs)
    // A reader from the start would find the damage.
    const text = readFileSync(file, 'utf8').replace('text 3', 'text x')
    writeFileSync(file, text + long(21) + long(22))
    expect(seqsAfter(journal, 20)).toEqual([21, 22])
  })
})
