import { chmodSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkJournal } from '../../../src/journal/maintenance/check-journal.ts'
import { compactJournal } from '../../../src/journal/maintenance/compact-journal.ts'
import { exportJournal } from '../../../src/journal/maintenance/export-journal.ts'
import type { Entry } from '../../../src/journal/journal.ts'
import { openPayloads, tidyPayloads } from '../../../src/journal/files/payloads.ts'
import { repairJournal } from '../../../src/journal/maintenance/repair-journal.ts'
import { note, open, segmentsIn, temporaryFolder } from '../support/journal-folder.ts'
import type { NoteEvent } from '../support/journal-folder.ts'

describe('openPayloads', () => {
  it('returns stored bytes, to their owner only, and once for equal bytes', async () => {
    const folder = temporaryFolder()
    const bytes = Buffer.alloc(100_000, 7)
    const [one, two] = await Promise.all([
      openPayloads(folder).put(bytes),
      openPayloads(folder).put(bytes),
    ])
    expect(two).toBe(one)
    expect(openPayloads(folder).get(one)?.equals(bytes)).toBe(true)
    expect(readdirSync(join(folder, 'payloads'))).toEqual([one])
    expect(statSync(join(folder, 'payloads')).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, 'payloads', one)).mode & 0o777).toBe(0o600)
  })

  it('finds nothing that is gone, changed, or no digest', async () => {
    const folder = temporaryFolder()
    const payloads = openPayloads(folder)
    const sha256 = await payloads.put(Buffer.from('a'))
    writeFileSync(join(folder, 'payloads', sha256), 'b')
    expect(payloads.get(sha256)).toBeUndefined()
    expect(payloads.get('0'.repeat(64))).toBeUndefined()
    expect(payloads.get('../../etc/passwd')).toBeUndefined()
  })

  it('begins no journal where there is none any more', async () => {
    const folder = temporaryFolder()
    const gone = join(folder, 'gone')
    await expect(openPayloads(gone).put(Buffer.from('a'))).rejects.toThrow('ENOENT')
    expect(readdirSync(folder)).toEqual([])
  })

  it('writes again what is there and damaged', async () => {
    const folder = temporaryFolder()
    const payloads = openPayloads(folder)
    const sha256 = await payloads.put(Buffer.from('a'))
    writeFileSync(join(folder, 'payloads', sha256), '')
    expect(await payloads.put(Buffer.from('a'))).toBe(sha256)
    expect(payloads.get(sha256)?.toString()).toBe('a')
  })
})

/** A journal of 100 entries in files of 1,000 bytes, in which the given entries name payloads that are there. */
async function journalWith(naming: Readonly<Record<number, string>>) {
  const folder = temporaryFolder()
  const payloads = openPayloads(folder)
  const digests: Record<string, string> = {}
  for (const text of Object.values(naming)) digests[text] = await payloads.put(Buffer.from(text))
  const journal = await open(folder, { segmentBytes: 1000 })
  for (let seq = 1; seq <= 100; seq++) {
    const dataSha256 = digests[naming[seq] ?? '']
    const { now, event } = note(seq)
    const named = dataSha256 === undefined ? event : { ...event, dataSha256 }
    await journal.append([{ seq, now, event: named } as Entry<NoteEvent>])
  }
  await journal.close()
  return { folder, payloads, digests }
}

async function snapshotOf(folder: string, state: unknown): Promise<void> {
  const journal = await open(folder, { segmentBytes: 1000 })
  await journal.writeSnapshot({ seq: 70, fingerprint: 'f00d', state })
  await journal.close()
}

const inFolder = (folder: string) => readdirSync(join(folder, 'payloads')).toSorted()

describe('checkJournal of payloads', () => {
  it('names each payload that is missing or damaged, and the entry that names it', async () => {
    const { folder, digests } = await journalWith({ 3: 'gone', 50: 'changed', 51: 'whole' })
    expect(checkJournal(folder).payloads).toEqual({ named: 3, unnamed: 0, problems: [] })
    rmSync(join(folder, 'payloads', digests['gone'] ?? ''))
    writeFileSync(join(folder, 'payloads', digests['changed'] ?? ''), 'Changed')
    expect(checkJournal(folder)).toMatchObject({
      problems: [],
      payloads: {
        named: 3,
        unnamed: 0,
        problems: [
          { sha256: digests['gone'], seq: 3, reason: 'is missing' },
          { sha256: digests['changed'], seq: 50, reason: 'is damaged' },
        ],
      },
    })
  })

  it('finds results that only a snapshot names', async () => {
    const { folder, digests } = await journalWith({ 3: 'told again', 50: 'not any more' })
    await snapshotOf(folder, { outcomes: [{ dataSha256: digests['told again'] }] })
    await compactJournal(folder)
    expect(checkJournal(folder).payloads).toEqual({ named: 1, unnamed: 0, problems: [] })
    rmSync(join(folder, 'payloads'), { recursive: true })
    expect(checkJournal(folder).payloads.problems).toEqual([
      { sha256: digests['told again'], seq: 70, reason: 'is missing' },
    ])
  })
})

describe('compactJournal of payloads', () => {
  it('removes those that no entry and no snapshot names, and no other file', async () => {
    const { folder, payloads, digests } = await journalWith({ 3: 'a', 50: 'b', 90: 'c' })
    const unnamed = await payloads.put(Buffer.from('of a process that was killed'))
    writeFileSync(join(folder, 'payloads', `${unnamed}.1.part`), 'of a proc')
    writeFileSync(join(folder, 'payloads', 'README'), 'of somebody')
    expect(checkJournal(folder).payloads).toEqual({ named: 3, unnamed: 2, problems: [] })
    await snapshotOf(folder, { outcomes: [{ dataSha256: digests['b'] }] })
    const { dropped } = await compactJournal(folder)
    expect(inFolder(folder)).toEqual([digests['b'] ?? '', digests['c'] ?? '', 'README'].toSorted())
    expect(dropped).toContainEqual({ file: join(folder, 'payloads', unnamed), sizeBytes: 28 })
    expect(checkJournal(folder).payloads).toEqual({ named: 2, unnamed: 0, problems: [] })
  })

  it('continues with the bytes of an earlier attempt', async () => {
    const { folder, digests } = await journalWith({ 3: 'a', 90: 'c' })
    await snapshotOf(folder, {})
    // As if it had been killed between the entries and the payloads.
    for (const file of segmentsIn(folder).slice(0, 3)) rmSync(file)
    await compactJournal(folder)
    expect(inFolder(folder)).toEqual([digests['c']])
  })

  it('keeps all payloads while a line is broken, which may name one', async () => {
    const { folder } = await journalWith({ 80: 'a' })
    await snapshotOf(folder, {})
    for (const file of segmentsIn(folder)) {
      const text = readFileSync(file, 'utf8')
      writeFileSync(file, text.replace('"dataSha256":', '"dataSha257":'))
    }
    const before = inFolder(folder)
    expect(checkJournal(folder).problems).not.toEqual([])
    await compactJournal(folder)
    expect(inFolder(folder)).toEqual(before)
  })

  it('keeps results whose entries a repair has removed, until those are gone, too', async () => {
    const { folder, digests } = await journalWith({ 3: 'a', 90: 'c' })
    const { keptIn = '' } = await repairJournal(folder, { toSeq: 80, isConfirmed: true })
    await compactJournal(folder)
    expect(inFolder(folder)).toEqual([digests['a'] ?? '', digests['c'] ?? ''].toSorted())
    rmSync(keptIn, { recursive: true })
    await compactJournal(folder)
    expect(inFolder(folder)).toEqual([digests['a']])
  })
})

describe('exportJournal of payloads', () => {
  it('names large results, which are not in the exported file', async () => {
    const { folder, digests } = await journalWith({ 3: 'a', 90: 'c' })
    const file = join(temporaryFolder(), 'out.ndjson')
    const { payloads } = await exportJournal(folder, file)
    expect(payloads).toEqual([digests['a'], digests['c']])
    expect(checkJournal(file).payloads).toEqual({ named: 0, unnamed: 0, problems: [] })
  })
})

describe('tidyPayloads', () => {
  it('removes unfinished files, and is closed to other users', async () => {
    const { folder, digests } = await journalWith({ 3: 'a' })
    writeFileSync(join(folder, 'payloads', `${digests['a']}.1.part`), '')
    chmodSync(join(folder, 'payloads'), 0o755)
    await tidyPayloads(folder)
    expect(inFolder(folder)).toEqual([digests['a']])
    expect(statSync(join(folder, 'payloads')).mode & 0o777).toBe(0o700)
    await tidyPayloads(temporaryFolder())
  })
})
