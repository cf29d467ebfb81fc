import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JarcastError } from '../../src/errors.ts'
import { readJournal } from '../../src/journal/read-journal.ts'
import {
  addText,
  journalOf,
  lastSegment,
  memoryFolder,
  note,
  notes,
  open,
  segmentsIn,
} from './journal-folder.ts'

describe('a journal whose end is cut', () => {
  it('reads as a whole prefix wherever it is cut', async () => {
    const folder = await journalOf(notes(25))
    const file = lastSegment(folder)
    const bytes = readFileSync(file)
    const lines = bytes.toString().split('\n').length - 1
    for (let cut = 0; cut <= 500; cut++) {
      truncateSync(file, bytes.length - cut)
      const { lastSeq, torn, records } = readJournal(folder)
      const found = [...records]
      const left =
        bytes
          .subarray(0, bytes.length - cut)
          .toString()
          .split('\n').length - 1
      expect(found).toEqual(notes(25).slice(0, found.length))
      expect(found.length).toBe(notes(25).length - (lines - left))
      expect(lastSeq).toBe(found.filter((record) => 'seq' in record).length)
      expect(bytes[bytes.length - cut - (torn?.cutBytes ?? 0) - 1]).toBe(10)
    }
  })

  it('goes on after what was cut off', async () => {
    const folder = await journalOf(notes(25))
    const file = lastSegment(folder)
    const size = statSync(file).size
    addText(file, '{"seq":26,"now":1026,"event":{"ty')
    const journal = await open(folder)
    expect(journal.recovered).toEqual({ file, byte: size, cutBytes: 33 })
    await journal.append([note(26)])
    expect([...journal.read()]).toEqual([...notes(25), note(26)])
    await journal.close()
    const again = await open(folder)
    expect(again.recovered).toBeUndefined()
    await again.close()
  })

  it('does without a last segment that has no header yet', async () => {
    const folder = await journalOf(notes(100), 1000)
    const file = lastSegment(folder)
    const before = segmentsIn(folder).slice(0, -1)
    truncateSync(file, 40)
    expect(readJournal(folder).torn).toEqual({ file, byte: 0, cutBytes: 40 })
    const journal = await open(folder)
    expect(journal.recovered).toEqual({ file, byte: 0, cutBytes: 40 })
    expect(segmentsIn(folder)).toEqual(before)
    const found = [...journal.read()]
    expect(found).toEqual(notes(100).slice(0, found.length))
    await journal.append([note(journal.lastSeq + 1)])
    await journal.close()
  })
})

describe('a journal with flipped bits', () => {
  it('reads as a whole prefix, or names the entry', async () => {
    const folder = await journalOf(notes(60), 1500, memoryFolder)
    const files = segmentsIn(folder)
    const originals = files.map((file) => readFileSync(file))
    const flips = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(7)), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(flips, async (bits) => {
        const touched = new Map<string, Buffer>()
        for (const [which, where, bit] of bits) {
          const index = which % files.length
          const file = files[index] ?? ''
          const bytes = touched.get(file) ?? Buffer.from(originals[index] ?? '')
          const at = where % bytes.length
          bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
          touched.set(file, bytes)
        }
        for (const [file, bytes] of touched) writeFileSync(file, bytes)
        try {
          await expectPrefixOrName(folder, () => {
            const { records, torn } = readJournal(folder)
            return { found: [...records], isCut: torn !== undefined }
          })
          await expectPrefixOrName(folder, async () => {
            const journal = await open(folder)
            try {
              return { found: [...journal.read(0)], isCut: journal.recovered !== undefined }
            } finally {
              await journal.close()
            }
          })
        } finally {
          for (const [index, file] of files.entries()) writeFileSync(file, originals[index] ?? '')
        }
      }),
      { numRuns: 300 },
    )
  })
})

interface Outcome {
  readonly found: readonly unknown[]
  readonly isCut: boolean
}

async function expectPrefixOrName(
  folder: string,
  read: () => Outcome | Promise<Outcome>,
): Promise<void> {
  try {
    const { found, isCut } = await read()
    expect(found).toEqual(notes(60).slice(0, found.length))
    expect(isCut || found.length === notes(60).length).toBe(true)
  } catch (error) {
    if (!(error instanceof JarcastError)) throw error
    expect(error.code).toBe('JOURNAL_CORRUPT')
    expect(error.details['file']).toContain(folder)
    expect(error.details['seq']).toBeGreaterThan(0)
    expect(error.details['line']).toBeGreaterThan(0)
  }
}
