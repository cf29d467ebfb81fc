import { readFileSync, statSync, writeFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JarcastError } from '../../../src/errors.ts'
import { readJournal } from '../../../src/journal/files/read-journal.ts'
import { createEncoder, encodeHeader } from '../../../src/journal/files/record.ts'
import { recover } from '../../../src/journal/writer/recover.ts'
import { surveyFolder } from '../../../src/journal/files/survey.ts'
import {
  addText,
  header,
  journalOf,
  journalOfBatches,
  lastSegment,
  memoryFolder,
  note,
  notes,
  open,
  segmentsIn,
  temporaryFolder,
} from '../support/journal-folder.ts'

describe('a journal whose end is cut', () => {
  it('continues after the part that was cut off', async () => {
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
})

describe('the end of a long journal', () => {
  it('is found wherever the part that is looked at begins', async () => {
    // Lines of about 90 bytes, behind 64 KiB of which the end is looked for first.
    for (let padding = 0; padding < 100; padding++) {
      const folder = temporaryFolder(memoryFolder)
      const encode = createEncoder(whole)
      const lines = Array.from({ length: 800 }, (_, index) => encode(note(index + 1)))
      const last = encode(note(801, 'x'.repeat(padding)))
      writeFileSync(
        `${folder}/journal-0000000000000001.ndjson`,
        [encodeHeader(whole), ...lines, last].join(''),
      )
      expect(surveyFolder(folder)).toMatchObject({ lastSeq: 801, torn: undefined })
    }
  })

  it('is found if that part begins in the header', () => {
    const folder = temporaryFolder(memoryFolder)
    const head = encodeHeader(whole)
    const shortest = createEncoder(whole)(note(1, '')).length
    for (let left = 0; left <= head.length; left++) {
      const text = 'x'.repeat(64 * 1024 - head.length + left - shortest)
      const line = createEncoder(whole)(note(1, text))
      writeFileSync(`${folder}/journal-0000000000000001.ndjson`, head + line)
      expect(surveyFolder(folder)).toMatchObject({ lastSeq: 1, torn: undefined })
    }
  })
})

const whole = { format: 1, ...header, id: '00000000', firstSeq: 1, chain: '00000000' } as const

describe('a journal with flipped bits', () => {
  it('is read as it was, or names the entry', async () => {
    const folder = await journalOfBatches(inGroups(notes(60), 7), 1500)
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
          await expectWholeOrName(folder, () => {
            const { records, torn } = readJournal(folder)
            return { found: [...records], isCut: torn !== undefined }
          })
          await expectWholeOrName(folder, async () => {
            const { torn } = await recover(folder, header)
            return { found: [...readJournal(folder).records], isCut: torn !== undefined }
          })
        } finally {
          for (const [index, file] of files.entries()) writeFileSync(file, originals[index] ?? '')
        }
      }),
      { numRuns: 300 },
    )
  })
})

function inGroups<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return items.length === 0 ? [] : [items.slice(0, size), ...inGroups(items.slice(size), size)]
}

interface Outcome {
  readonly found: readonly unknown[]
  readonly isCut: boolean
}

async function expectWholeOrName(
  folder: string,
  read: () => Outcome | Promise<Outcome>,
): Promise<void> {
  try {
    const { found, isCut } = await read()
    expect(found).toEqual(notes(60).slice(0, found.length))
    // Nothing was unfinished, so nothing may be cut.
    expect(isCut).toBe(false)
    expect(found.length).toBe(notes(60).length)
  } catch (error) {
    if (!(error instanceof JarcastError)) throw error
    expect(error.code).toBe('JOURNAL_CORRUPT')
    expect(error.details['file']).toContain(folder)
    expect(error.details['seq']).toBeGreaterThan(0)
    expect(error.details['line']).toBeGreaterThan(0)
  }
}
