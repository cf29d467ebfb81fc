import { copyFileSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkJournal } from '../../../src/journal/maintenance/check-journal.ts'
import { compactJournal } from '../../../src/journal/maintenance/compact-journal.ts'
import { readJournal } from '../../../src/journal/files/read-journal.ts'
import type { Snapshot } from '../../../src/journal/journal.ts'
import {
  codeOf,
  errorOf,
  journalOf,
  journalOfBatches,
  lastSegment,
  note,
  notes,
  open,
} from '../support/journal-folder.ts'

function snapshot(seq: number, fingerprint = 'f00d'): Snapshot {
  return { seq, fingerprint, state: { text: `state ${seq} \u2028`, deep: [{ seq }] } }
}

async function journalWith(seqs: readonly number[]): Promise<string> {
  const folder = await journalOf(notes(50))
  const journal = await open(folder)
  for (const seq of seqs) await journal.writeSnapshot(snapshot(seq))
  await journal.close()
  return folder
}

function snapshotsIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => name.startsWith('snapshot'))
}

describe('snapshots', () => {
  it('are read as they were written, the newest first', async () => {
    const journal = await open(await journalWith([10, 20]))
    expect(journal.readSnapshot('f00d')).toEqual(snapshot(20))
    expect(journal.readSnapshot('f00d', 19)).toEqual(snapshot(10))
    expect(journal.readSnapshot('f00d', 9)).toBeUndefined()
    await journal.close()
  })

  it('are two at most', async () => {
    const folder = await journalWith([10, 20, 30, 40])
    expect(snapshotsIn(folder)).toEqual([
      'snapshot-0000000000000030.json',
      'snapshot-0000000000000040.json',
    ])
  })

  it('of another machine are passed over', async () => {
    const folder = await journalWith([10])
    const journal = await open(folder)
    await journal.writeSnapshot(snapshot(20, 'beef'))
    expect(journal.readSnapshot('f00d')).toEqual(snapshot(10))
    expect(journal.readSnapshot('beef')).toEqual(snapshot(20, 'beef'))
    expect(journal.readSnapshot('dead')).toBeUndefined()
    await journal.close()
  })

  it('that are broken anywhere are passed over', async () => {
    const folder = await journalWith([10, 20])
    const file = `${folder}/snapshot-0000000000000020.json`
    const bytes = readFileSync(file)
    const journal = await open(folder)
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ 4
      writeFileSync(file, flipped)
      expect(journal.readSnapshot('f00d')).toEqual(snapshot(10))
      writeFileSync(file, bytes.subarray(0, at))
      expect(journal.readSnapshot('f00d')).toEqual(snapshot(10))
    }
    await journal.close()
  })

  it('under the name of another entry are passed over', async () => {
    const folder = await journalWith([10])
    const name = (seq: string) => `${folder}/snapshot-00000000000000${seq}.json`
    renameSync(name('10'), name('11'))
    const journal = await open(folder)
    expect(journal.readSnapshot('f00d')).toBeUndefined()
    await journal.close()
  })

  it('beyond the journal show that its end is lost', async () => {
    const folder = await journalOfBatches(notes(50).map((record) => [record]))
    const journal = await open(folder)
    for (const seq of [10, 50]) await journal.writeSnapshot(snapshot(seq))
    await journal.close()
    const file = lastSegment(folder)
    const lines = readFileSync(file, 'utf8').split('\n')
    writeFileSync(file, `${lines.slice(0, -4).join('\n')}\n`)
    for (const work of [
      () => open(folder),
      () => readJournal(folder),
      () => compactJournal(folder),
    ]) {
      const error = await errorOf(work)
      expect(error.code).toBe('JOURNAL_CORRUPT')
      expect(error.message).toContain('ends with entry 48, but there is a snapshot of entry 50')
    }
    expect(checkJournal(folder).problems).toHaveLength(1)
    expect(snapshotsIn(folder)).toHaveLength(2)
    rmSync(file)
    expect(await codeOf(() => open(folder))).toBe('JOURNAL_CORRUPT')
  })

  it('of another journal are passed over', async () => {
    const folder = await journalWith([10])
    const other = await journalWith([20])
    const name = 'snapshot-0000000000000020.json'
    copyFileSync(`${other}/${name}`, `${folder}/${name}`)
    const journal = await open(folder)
    expect(journal.readSnapshot('f00d')).toEqual(snapshot(10))
    await journal.close()
  })

  it('of what is not on the disk are refused', async () => {
    const journal = await open(await journalWith([]))
    expect(await codeOf(() => journal.writeSnapshot(snapshot(51)))).toBe('JOURNAL_ENTRY_INVALID')
    const state = { big: 1n }
    expect(await codeOf(() => journal.writeSnapshot({ ...snapshot(50), state }))).toBe(
      'JOURNAL_ENTRY_INVALID',
    )
    await journal.append([note(51)])
    await journal.close()
    expect(await codeOf(() => journal.writeSnapshot(snapshot(50)))).toBe('JOURNAL_CLOSED')
  })

  it('that were never finished are removed by the next open', async () => {
    const folder = await journalWith([10])
    writeFileSync(`${folder}/snapshot-0000000000000020.json.tmp`, '{"seq":20')
    writeFileSync(`${folder}/journal-0000000000000051.ndjson.tmp`, '{"form')
    await (await open(folder)).close()
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
})
