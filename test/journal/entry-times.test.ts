import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkJournal } from '../../src/journal/maintenance/check-journal.ts'
import type { Entry } from '../../src/journal/journal.ts'
import { readJournal } from '../../src/journal/files/read-journal.ts'
import { createEncoder, encodeHeader } from '../../src/journal/files/record.ts'
import { codeOf, errorOf, header, note, open, temporaryFolder } from './support/journal-folder.ts'
import type { NoteEvent } from './support/journal-folder.ts'

const yearMs = 365.25 * 24 * 3600 * 1000

const times = [
  [3, 1e15, 'not between 1970 and 2200'],
  [3, 1e300, 'not between 1970 and 2200'],
  [3, -1, 'not between 1970 and 2200'],
  [3, Date.UTC(2200, 0, 1), 'not between 1970 and 2200'],
  [3, 1001, 'earlier than the one before'],
  [1, 999, 'earlier than the one before'],
  [3, 1000 + 11 * yearMs, 'more than ten years after'],
  [9, 1e15, 'not between 1970 and 2200'],
] as const

describe('an absurd time', () => {
  it.each(times)(
    'of entry %i, %d, is damage that is named by its line',
    async (seq, now, reason) => {
      const folder = temporaryFolder()
      const file = join(folder, 'journal-0000000000000001.ndjson')
      const whole = {
        format: 1,
        ...header,
        id: '00000000',
        firstSeq: 1,
        chain: '00000000',
      } as const
      const entries = Array.from({ length: 9 }, (_, index) => note(index + 1))
      const records = entries.map((entry) => (entry.seq < seq ? entry : { ...entry, now }))
      const lines = records.map(createEncoder(whole))
      writeFileSync(file, [encodeHeader(whole), ...lines].join(''))
      expect(checkJournal(folder).problems[0]).toMatchObject({ file, line: seq + 1, seq })
      expect(checkJournal(folder).problems[0]?.reason).toContain(reason)
      for (const path of [folder, file]) {
        const error = await errorOf(() => [...readJournal(path).records])
        expect(error).toMatchObject({ code: 'JOURNAL_CORRUPT', details: { line: seq + 1, seq } })
        expect(error.message).toContain(reason)
      }
      const opened = await errorOf(async () => {
        const journal = await open(folder)
        try {
          return [...journal.read(1)]
        } finally {
          await journal.close()
        }
      })
      expect(opened).toMatchObject({ code: 'JOURNAL_CORRUPT', details: { line: seq + 1, seq } })
    },
  )

  it('of a header is damage too', async () => {
    const folder = temporaryFolder()
    const whole = { format: 1, ...header, id: '00000000', firstSeq: 1, chain: '00000000' } as const
    const file = join(folder, 'journal-0000000000000001.ndjson')
    for (const createdAt of [-1, 1e15]) {
      writeFileSync(file, encodeHeader({ ...whole, createdAt }))
      expect(await codeOf(() => open(folder))).toBe('JOURNAL_CORRUPT')
      expect(checkJournal(folder).problems).toHaveLength(1)
    }
  })

  it('is refused by the journal before it is written', async () => {
    const journal = await open(temporaryFolder())
    await journal.append([note(1), note(2)])
    for (const now of [1e15, 1001, -1, 1e12]) {
      const entry: Entry<NoteEvent> = { ...note(3), now }
      expect(await codeOf(() => journal.append([entry]))).toBe('JOURNAL_ENTRY_INVALID')
    }
    await journal.append([note(3)])
    await journal.close()
  })
})
