import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { crcOf, sealBatch } from '../../../src/journal/files/line.ts'
import { openRecord } from '../../../src/journal/files/record.ts'
import { checkJournal } from '../../../src/journal/maintenance/check-journal.ts'
import { readJournal } from '../../../src/journal/files/read-journal.ts'
import { repairJournal } from '../../../src/journal/maintenance/repair-journal.ts'
import {
  addText,
  codeOf,
  errorOf,
  journalOf,
  journalOfBatches,
  lastSegment,
  note,
  notes,
  open,
  replaceLine,
  segmentsIn,
  temporaryFolder,
} from '../support/journal-folder.ts'

const update = (seq: number, task: string) => ({
  ...note(seq),
  event: { type: 'note', text: 'x', status: { taskId: { value: task } } } as const,
})

/** Changes the text of a line, which is then broken. */
function breakLine(file: string, line: number): void {
  const text = readFileSync(file, 'utf8').split('\n')[line - 1] ?? ''
  replaceLine(file, line, text.replace('"text":"', '"text":"changed '))
}

describe('repairJournal', () => {
  it('reports the losses, and changes nothing until it is confirmed', async () => {
    const records = [note(1), note(2), update(3, 'a'), update(4, 'b "quoted"'), note(5)]
    const folder = await journalOfBatches([records])
    const file = lastSegment(folder)
    breakLine(file, 4)
    const before = readFileSync(file)
    const { lost, ...repair } = await repairJournal(folder)
    expect(repair).toEqual({
      isWhole: false,
      wholeSeq: 2,
      toSeq: 2,
      snapshots: [],
      keptIn: undefined,
    })
    expect(lost.lines).toBe(3)
    expect(lost.entries).toEqual([
      { file, line: 4, seq: 3, type: 'note' },
      { file, line: 5, seq: 4, type: 'note' },
      { file, line: 6, seq: 5, type: 'note' },
    ])
    expect(lost.taskIds).toEqual(['a', 'b \\"quoted\\"'])
    expect(await codeOf(() => repairJournal(folder, { isConfirmed: true }))).toBe('CONFIG_INVALID')
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(readdirSync(folder)).toEqual([basename(file)])
  })

  it('names tasks that were submitted', async () => {
    const submit = { type: 'note', text: 'x', requests: [{ id: 'new', work: { kind: 'shell' } }] }
    const folder = await journalOfBatches([[note(1)], [{ ...note(2), event: submit as never }]])
    breakLine(lastSegment(folder), 3)
    expect((await repairJournal(folder)).lost.taskIds).toEqual(['new'])
  })

  it('continues after any whole entry, also in the middle of a write', async () => {
    for (let toSeq = 0; toSeq <= 12; toSeq++) {
      const folder = await journalOfBatches([notes(2), notes(12).slice(2), [note(13)]])
      const file = lastSegment(folder)
      breakLine(file, 15)
      const broken = readFileSync(file)
      const { keptIn = '' } = await repairJournal(folder, { toSeq, isConfirmed: true })
      expect(readFileSync(`${keptIn}/${basename(file)}`).equals(broken)).toBe(true)
      expect(checkJournal(folder)).toMatchObject({ lastSeq: toSeq, problems: [], torn: undefined })
      const journal = await open(folder)
      expect(journal.lastSeq).toBe(toSeq)
      await journal.append([note(toSeq + 1, 'after the repair')])
      await journal.close()
      expect([...readJournal(folder).records]).toEqual([
        ...notes(12).filter((record) => ('seq' in record ? record.seq : record.after + 1) <= toSeq),
        note(toSeq + 1, 'after the repair'),
      ])
      expect(await repairJournal(folder)).toMatchObject({ isWhole: true, wholeSeq: toSeq + 1 })
    }
  })

  it('takes away what is behind: segments, and snapshots', async () => {
    const folder = await journalOf(notes(100), 1000)
    const journal = await open(folder, { segmentBytes: 1000 })
    for (const seq of [15, 80]) {
      await journal.writeSnapshot({ seq, fingerprint: 'f00d', state: { seq } })
    }
    await journal.close()
    const files = segmentsIn(folder)
    breakLine(files[2] ?? '', 4)
    const { wholeSeq } = await repairJournal(folder)
    const { keptIn = '', snapshots } = await repairJournal(folder, {
      toSeq: wholeSeq,
      isConfirmed: true,
    })
    expect(snapshots.map((file) => basename(file))).toEqual(['snapshot-0000000000000080.json'])
    expect(readdirSync(keptIn).toSorted()).toEqual([
      ...files.slice(2).map((file) => basename(file)),
      'snapshot-0000000000000080.json',
    ])
    const again = await open(folder)
    expect(again.lastSeq).toBe(wholeSeq)
    expect(again.readSnapshot('f00d')?.seq).toBe(15)
    await again.close()
    // A second one keeps what the first has kept.
    const second = await repairJournal(folder, { toSeq: wholeSeq, isConfirmed: true })
    expect(second).toMatchObject({ isWhole: true, keptIn: undefined })
  })

  it('continues where a whole end was lost', async () => {
    const folder = await journalOfBatches(notes(50).map((record) => [record]))
    const journal = await open(folder)
    await journal.writeSnapshot({ seq: 50, fingerprint: 'f00d', state: 1 })
    await journal.close()
    const file = lastSegment(folder)
    const lines = readFileSync(file, 'utf8').split('\n')
    writeFileSync(file, `${lines.slice(0, -5).join('\n')}\n`)
    expect((await errorOf(() => open(folder))).message).toContain(`journal repair ${folder}`)
    const { wholeSeq } = await repairJournal(folder)
    await repairJournal(folder, { toSeq: wholeSeq, isConfirmed: true })
    await (await open(folder)).close()
    expect(checkJournal(folder).lastSeq).toBe(wholeSeq)
  })

  it('leaves a sound journal alone, also with an unfinished write', async () => {
    const folder = await journalOfBatches([notes(5)])
    addText(lastSegment(folder), '{"seq":6,"now":1')
    expect(await repairJournal(folder)).toMatchObject({ isWhole: true, wholeSeq: 5, toSeq: 5 })
    await (await open(folder)).close()
    expect(await repairJournal(folder)).toMatchObject({ isWhole: true, wholeSeq: 5 })
  })

  it('ends before a write whose last line gives another number of lines', async () => {
    const folder = await journalOfBatches([[note(1)]])
    const file = lastSegment(folder)
    const written = readFileSync(file)
    const previous = crcOf(written.subarray(written.lastIndexOf(10, -2) + 1, -1)) ?? 0
    const second = sealBatch([openRecord(note(2))], previous, 2)
    const third = sealBatch([openRecord(note(3))], second.chain)
    addText(file, second.text + third.text)
    expect(checkJournal(folder).problems).toMatchObject([
      { seq: 2, reason: 'ends a write of 2 lines, but 1 are there' },
    ])
    expect(await repairJournal(folder)).toMatchObject({ isWhole: false, wholeSeq: 1 })
  })

  it('refuses entries behind the damage, and journals that are in use', async () => {
    const folder = await journalOfBatches([notes(9)])
    breakLine(lastSegment(folder), 6)
    for (const toSeq of [5, -1, 1.5]) {
      const error = await errorOf(() => repairJournal(folder, { toSeq, isConfirmed: true }))
      expect(error.code).toBe('CONFIG_INVALID')
      expect(error.message).toContain('0 to 4')
    }
    expect(await codeOf(() => repairJournal(temporaryFolder()))).toBe('JOURNAL_NOT_FOUND')
    const journal = await open(temporaryFolder())
    expect(await codeOf(() => repairJournal(journal.folder))).toBe('JOURNAL_LOCKED')
    await journal.close()
  })
})
