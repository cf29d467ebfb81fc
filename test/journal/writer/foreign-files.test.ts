import { chownSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { refuseForeignFiles } from '../../../src/journal/writer/foreign-files.ts'
import { sharedFileSystem } from '../../../src/leases/file-system.ts'
import {
  errorOf,
  journalOf,
  lastSegment,
  notes,
  open,
  temporaryFolder,
} from '../support/journal-folder.ts'

const own = process.getuid?.()
const stranger = 65_534
const isSkipped = own === undefined || sharedFileSystem(tmpdir()) !== undefined

/** Gives the file away if this user can; otherwise it is foreign for every other user. */
function giveAway(path: string): void {
  if (own === 0) chownSync(path, stranger, stranger)
}

describe.skipIf(isSkipped)('refuseForeignFiles', () => {
  it.each(['key', 'journal-0000000000000001.ndjson', 'snapshot-0000000000000001.json'])(
    'refuses a %s of another user',
    (name) => {
      const folder = temporaryFolder()
      const path = join(folder, name)
      writeFileSync(path, 'known')
      refuseForeignFiles(folder)
      giveAway(path)
      expect(() => refuseForeignFiles(folder, Number(own) + 1)).toThrow(`${path} belongs to user`)
    },
  )

  it.runIf(own === 0)('keeps a run from a journal with one, and leaves it as it is', async () => {
    const prepared = temporaryFolder()
    writeFileSync(join(prepared, 'key'), 'known')
    giveAway(join(prepared, 'key'))
    const written = await journalOf(notes(3))
    giveAway(lastSegment(written))
    for (const [folder, name] of [
      [prepared, 'key'],
      [written, basename(lastSegment(written))],
    ] as const) {
      const error = await errorOf(() => open(folder))
      expect(error).toMatchObject({ code: 'CONFIG_INVALID', details: { uid: stranger } })
      expect(String(error)).toContain(join(folder, name))
    }
  })
})
