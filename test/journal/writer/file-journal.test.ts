import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Journal } from '../../../src/journal/journal.ts'
import { sealLine } from '../../../src/journal/files/line.ts'
import { readJournal } from '../../../src/journal/files/read-journal.ts'
import {
  addText,
  codeOf,
  errorOf,
  header,
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
import type { NoteEvent } from '../support/journal-folder.ts'

describe('openFileJournal', () => {
  it('writes lines that a person can read', async () => {
    const folder = await journalOf([note(1), { seq: 2, now: 2000 }, { after: 2, hash: 'beef' }])
    expect(
      readFileSync(lastSegment(folder), 'utf8').replaceAll(/"(crc|id|chain)":"\w{8}"/g, '"$1":"…"'),
    ).toBe(
      [
        '{"format":1,"machine":"notes","version":"1","fingerprint":"f00d","package":"jarcast 0.1.0",' +
          '"createdAt":1000,"input":{"owner":"me"},"id":"…","firstSeq":1,"chain":"…","crc":"…"}',
        '{"seq":1,"now":1001,"event":{"type":"note","text":"text 1"},"crc":"…"}',
        '{"seq":2,"now":2000,"crc":"…"}',
        '{"after":2,"hash":"beef","end":3,"crc":"…"}',
        '',
      ].join('\n'),
    )
  })

  it('continues where the last writer stopped', async () => {
    const folder = await journalOf(notes(25))
    const journal: Journal<NoteEvent> = await open(folder, { header: { ...header, version: '2' } })
    expect(journal.lastSeq).toBe(25)
    expect(journal.startedAt).toBe(1000)
    await journal.append([note(26)])
    expect([...journal.read(1)]).toEqual([...notes(25), note(26)])
    await journal.close?.()
    expect(readJournal(folder).header).toMatchObject({ format: 1, ...header, firstSeq: 1 })
  })

  it('keeps every text as it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary-ascii' }))),
        async (texts) => {
          const records = [...texts, '\n\r\u2028\u2029\0', '\uD800', '","crc":"00000000"}'].map(
            (text, index) => note(index + 1, text),
          )
          expect([...readJournal(await journalOf(records)).records]).toEqual(records)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('keeps the order of appends without an await', async () => {
    const folder = temporaryFolder()
    const journal = await open(folder)
    const appends = notes(300).map((record) => journal.append([record]))
    expect(journal.lastSeq).toBe(0)
    await Promise.all(appends)
    expect(journal.lastSeq).toBe(300)
    expect([...journal.read()]).toEqual(notes(300))
    await journal.close()
  })

  it('finishes appends before it closes', async () => {
    const folder = temporaryFolder()
    const journal = await open(folder)
    const append = journal.append(notes(50))
    await Promise.all([journal.close(), journal.close()])
    await append
    expect(readJournal(folder).lastSeq).toBe(50)
    expect(await codeOf(() => journal.append([note(51)]))).toBe('JOURNAL_CLOSED')
  })

  it('reads the bytes on the disk at the time of the call', async () => {
    const journal = await open(await journalOf(notes(20)))
    const records = journal.read(19)
    expect(records.next().value).toEqual(note(19))
    await journal.append([note(21)])
    expect([...records]).toEqual([note(20), { after: 20, hash: 'hash 20' }])
    await journal.close()
  })

  it('refuses records that do not follow, and stays usable', async () => {
    const journal = await open(await journalOf(notes(5)))
    const cycle: Record<string, unknown> = { type: 'note' }
    cycle['self'] = cycle
    const refused: unknown[] = [
      note(5),
      note(7),
      { seq: 6, now: Number.NaN },
      { seq: 6, now: 1, event: { text: 'no type' } },
      { seq: 6, now: 1, event: cycle },
      { seq: 6, now: 1, event: { type: 'note', text: 1n } },
      { after: 6, hash: 'of what is not there' },
      { after: 5 },
      note(6, 'x'.repeat(17 * 1024 * 1024)),
    ]
    for (const record of refused) {
      expect(await codeOf(() => journal.append([record as never]))).toBe('JOURNAL_ENTRY_INVALID')
    }
    await journal.append([note(6)])
    expect([...journal.read()]).toEqual([...notes(5), note(6)])
    await journal.close()
  })

  it('refuses an input that is not JSON', async () => {
    const input = { big: 1n }
    const folder = temporaryFolder()
    expect(await codeOf(() => open(folder, { header: { ...header, input } }))).toBe(
      'JOURNAL_ENTRY_INVALID',
    )
    await (await open(folder)).close()
  })

  it('takes a long line and finds the end behind it', async () => {
    const records = [note(1), note(2, 'é'.repeat(3_000_000)), { after: 2, hash: 'x' }]
    const journal = await open(await journalOf(records))
    expect(journal.lastSeq).toBe(2)
    expect([...journal.read()]).toEqual(records)
    await journal.close()
  })

  it('refuses a segment size that is none', async () => {
    for (const segmentBytes of [0, -1, Number.NaN]) {
      expect(await codeOf(() => open(temporaryFolder(), { segmentBytes }))).toBe('CONFIG_INVALID')
    }
  })

  it('refuses a path that is a file', async () => {
    const file = lastSegment(await journalOf([]))
    expect(await codeOf(() => open(file))).toBe('JOURNAL_UNWRITABLE')
  })

  it('lets one writer in, also of the same process', async () => {
    const folder = temporaryFolder()
    const journal = await open(folder)
    const error = await errorOf(() => open(folder))
    expect(error.code).toBe('JOURNAL_LOCKED')
    expect(error.details).toMatchObject({ folder, pid: process.pid })
    await journal.close()
    await (await open(folder)).close()
  })
})

describe('segments', () => {
  it('begin when the one before is full, each with the header', async () => {
    const folder = await journalOf(notes(100), 1000)
    const files = segmentsIn(folder)
    expect(files.length).toBeGreaterThan(5)
    for (const file of files) {
      expect(statSync(file).size).toBeLessThanOrEqual(1500)
      const { header: found, records } = readJournal(file)
      const first = [...records].find((record) => 'seq' in record)
      expect(first).toMatchObject({ seq: found.firstSeq })
    }
    expect([...readJournal(folder).records]).toEqual(notes(100))
  })

  it('are read from the one that has the entry', async () => {
    const folder = await journalOf(notes(100), 1000)
    const journal = await open(folder, { segmentBytes: 1000 })
    for (let from = 0; from <= 102; from++) {
      const expected = notes(100).filter(
        (record) => ('seq' in record ? record.seq : record.after) >= from,
      )
      expect([...journal.read(from)]).toEqual(expected)
    }
    await journal.close()
  })

  it('hold a line that is larger than a segment', async () => {
    const records = [note(1), note(2, 'x'.repeat(5000)), note(3)]
    const folder = await journalOf(records, 300)
    expect([...readJournal(folder).records]).toEqual(records)
  })

  it('count as missing when one is gone', async () => {
    const folder = await journalOf(notes(100), 1000)
    rmSync(segmentsIn(folder)[2] ?? '')
    const error = await errorOf(() => [...readJournal(folder).records])
    expect(error.code).toBe('JOURNAL_CORRUPT')
    expect(error.details).toMatchObject({ file: segmentsIn(folder)[2], line: 1 })
  })
})

describe('readJournal', () => {
  it('reads a single file that was cut with head', async () => {
    const folder = await journalOfBatches(notes(100).map((record) => [record]))
    const text = readFileSync(lastSegment(folder), 'utf8')
    const file = `${folder}/mailed.txt`
    writeFileSync(file, text.split('\n').slice(0, 6).join('\n'))
    const { lastSeq, torn, records } = readJournal(file)
    expect([...records]).toEqual(notes(100).slice(0, 4))
    expect(lastSeq).toBe(4)
    expect(torn?.cutBytes).toBeGreaterThan(50)
  })

  it('names a path where no journal is', async () => {
    const folder = temporaryFolder()
    expect(await codeOf(() => readJournal(folder))).toBe('JOURNAL_NOT_FOUND')
    expect(await codeOf(() => readJournal(`${folder}/none`))).toBe('JOURNAL_NOT_FOUND')
    writeFileSync(`${folder}/other`, 'something else\n')
    expect(await codeOf(() => readJournal(`${folder}/other`))).toBe('JOURNAL_CORRUPT')
  })

  it('names the line that is broken, missing or doubled', async () => {
    const folder = await journalOf(notes(9))
    const file = lastSegment(folder)
    const text = readFileSync(file, 'utf8')
    const lines = text.split('\n')
    const byte = Buffer.byteLength(lines.slice(0, 4).join('\n')) + 1
    const edits = [lines[4]?.replace('text 4', 'text 5'), undefined, `${lines[4]}\n${lines[4]}`, '']
    for (const [index, edit] of edits.entries()) {
      writeFileSync(file, text)
      replaceLine(file, 5, edit)
      const at = index === 2 ? { line: 6, seq: 5 } : { line: 5, seq: 4, byte }
      for (const work of [() => [...readJournal(folder).records], () => open(folder)]) {
        const error = await errorOf(work)
        expect(error.code).toBe('JOURNAL_CORRUPT')
        expect(error.details).toMatchObject({ file, ...at })
      }
    }
  })

  it('refuses a format that it does not know', async () => {
    const folder = await journalOf(notes(3))
    replaceLine(lastSegment(folder), 1, sealLine('{"format":2,"what":"else"').trimEnd())
    expect(await codeOf(() => readJournal(folder))).toBe('JOURNAL_UNSUPPORTED')
    expect(await codeOf(() => open(folder))).toBe('JOURNAL_UNSUPPORTED')
  })

  it('takes more than one write of rubbish for damage', async () => {
    const folder = await journalOf(notes(3))
    addText(lastSegment(folder), '\0'.repeat(17 * 1024 * 1024))
    expect(await errorOf(() => readJournal(folder))).toMatchObject({
      code: 'JOURNAL_CORRUPT',
      details: { line: 5, seq: 4 },
    })
  })

  it.runIf(process.platform === 'linux')(
    'takes nothing more once its files were removed',
    async () => {
      const folder = temporaryFolder()
      const journal = await open(folder)
      await journal.append([note(1)])
      rmSync(folder, { recursive: true })
      const error = await errorOf(() => journal.append([note(2)]))
      expect(error).toMatchObject({ code: 'JOURNAL_UNWRITABLE' })
      expect(error.message).toContain('was removed while this process wrote it')
      expect(await codeOf(() => journal.append([note(3)]))).toBe('JOURNAL_UNWRITABLE')
      await journal.close()
      expect(existsSync(folder)).toBe(false)
    },
  )
})
