/** `kill -9` in the middle of a repair or a compaction: before each call that changes the disk. */
import { cpSync } from 'node:fs'
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkJournal } from '../../../src/journal/maintenance/check-journal.ts'
import { compactJournal } from '../../../src/journal/maintenance/compact-journal.ts'
import { readJournal } from '../../../src/journal/files/read-journal.ts'
import { repairJournal } from '../../../src/journal/maintenance/repair-journal.ts'
import {
  codeOf,
  journalOf,
  memoryFolder,
  notes,
  open,
  replaceLine,
  segmentsIn,
  temporaryFolder,
} from '../support/journal-folder.ts'

const changing = ['copyFile', 'mkdir', 'open', 'rename', 'rm', 'unlink', 'writeFile'] as const

/** Performs `change`, and gives what a kill before each of its calls would have left. */
async function killedStates(folder: string, change: () => Promise<unknown>): Promise<string[]> {
  const copies = temporaryFolder(memoryFolder)
  const states: string[] = []
  const keep = (): void => {
    const state = join(copies, String(states.length))
    cpSync(folder, state, { recursive: true })
    states.push(state)
  }
  const before = changing.map((name) => [name, fs[name]] as const)
  for (const [name, call] of before) {
    Object.assign(fs, {
      [name]: (...args: readonly unknown[]) => {
        keep()
        return Reflect.apply(call, fs, args) as unknown
      },
    })
  }
  syncBuiltinESMExports()
  try {
    await change()
  } finally {
    Object.assign(fs, Object.fromEntries(before))
    syncBuiltinESMExports()
  }
  keep()
  return states
}

async function segmented(snapshots: readonly number[] = []): Promise<string> {
  const folder = await journalOf(notes(100), 1000)
  const journal = await open(folder, { segmentBytes: 1000 })
  for (const seq of snapshots)
    await journal.writeSnapshot({ seq, fingerprint: 'f00d', state: { seq } })
  await journal.close()
  return folder
}

const seqsOf = (folder: string): readonly number[] =>
  [...readJournal(folder).records].flatMap((record) => ('seq' in record ? [record.seq] : []))

describe('a repair that was killed', () => {
  it.each([
    ['in the first file', 1, 3, 2],
    ['in a later one', 3, 4, undefined],
    ['before damage far away', 4, 3, 5],
  ])('%s is damage until it is done, and can be done again', async (_, file, line, to) => {
    const folder = await segmented([60])
    replaceLine(segmentsIn(folder)[file] ?? '', line, 'rubbish')
    const toSeq = to ?? (await repairJournal(folder)).toSeq
    const wanted = Array.from({ length: toSeq }, (__, index) => index + 1)
    const states = await killedStates(folder, () =>
      repairJournal(folder, { toSeq, isConfirmed: true }),
    )
    expect(states.length).toBeGreaterThan(5)
    expect(seqsOf(folder)).toEqual(wanted)
    let done = 0
    const files = segmentsIn(states[0] ?? '').length
    for (const state of states) {
      if (checkJournal(state).problems.length > 0) {
        expect(await codeOf(() => seqsOf(state))).toBe('JOURNAL_CORRUPT')
        // A start reads on from a snapshot, which may stand behind the damage.
        if (segmentsIn(state).length < files)
          expect(await codeOf(() => open(state))).toBe('JOURNAL_CORRUPT')
      } else {
        done += 1
        expect(seqsOf(state)).toEqual(wanted)
        await (await open(state)).close()
      }
      await repairJournal(state, { toSeq, isConfirmed: true })
      expect(seqsOf(state)).toEqual(wanted)
      expect(checkJournal(state).problems).toEqual([])
    }
    // The last rename is all that makes it whole.
    expect(done).toBeLessThan(4)
  })
})

describe('a compaction that was killed', () => {
  it('leaves a journal that continues, and can be done again', async () => {
    const folder = await segmented([40, 70])
    const states = await killedStates(folder, () => compactJournal(folder))
    expect(states.length).toBeGreaterThan(3)
    const { firstSeq } = await compactJournal(folder)
    for (const state of states) {
      expect(checkJournal(state)).toMatchObject({ problems: [], lastSeq: 100 })
      await (await open(state)).close()
      await compactJournal(state)
      expect(seqsOf(state)[0]).toBe(firstSeq)
      expect(checkJournal(state).problems).toEqual([])
    }
  })
})
