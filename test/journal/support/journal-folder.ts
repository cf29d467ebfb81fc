/** Journals in folders that are gone after the test. */
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { JarcastError } from '../../../src/errors.ts'
import type { ErrorCode } from '../../../src/errors.ts'
import { openFileJournal } from '../../../src/journal/writer/file-journal.ts'
import type { FileJournalOptions } from '../../../src/journal/writer/file-journal.ts'
import type { Entry, JournalRecord } from '../../../src/journal/journal.ts'

export interface NoteEvent {
  readonly type: 'note'
  readonly text: string
}

export type Records = readonly JournalRecord<NoteEvent>[]

export const header = {
  machine: 'notes',
  version: '1',
  fingerprint: 'f00d',
  package: 'jarcast 0.1.0',
  createdAt: 1000,
  input: { owner: 'me' },
} as const

/** In memory where the system can: a test that syncs thousands of times is not about the disk. */
export const memoryFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

export function temporaryFolder(parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'jarcast-journal-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function note(seq: number, text = `text ${seq}`): Entry<NoteEvent> {
  return { seq, now: 1000 + seq, event: { type: 'note', text } }
}

/** Entries 1 to `count`, with a check after every tenth. */
export function notes(count: number): Records {
  return Array.from({ length: count }, (_, index) => index + 1).flatMap((seq) =>
    seq % 10 === 0 ? [note(seq), { after: seq, hash: `hash ${seq}` }] : [note(seq)],
  )
}

export function open(folder: string, options: Partial<FileJournalOptions> = {}) {
  return openFileJournal<NoteEvent>(folder, { header, ...options })
}

/** A folder with a journal of these records. */
export async function journalOf(
  records: Records,
  segmentBytes?: number,
  parent?: string,
): Promise<string> {
  const folder = temporaryFolder(parent)
  const journal = await open(folder, segmentBytes === undefined ? {} : { segmentBytes })
  await journal.append(records)
  await journal.close()
  return folder
}

/** The same, each of the groups written at once. */
export async function journalOfBatches(
  batches: readonly Records[],
  segmentBytes?: number,
): Promise<string> {
  const folder = temporaryFolder(memoryFolder)
  const journal = await open(folder, segmentBytes === undefined ? {} : { segmentBytes })
  for (const records of batches) await journal.append(records)
  await journal.close()
  return folder
}

export function segmentsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ndjson'))
    .toSorted()
    .map((name) => join(folder, name))
}

export function lastSegment(folder: string): string {
  return segmentsIn(folder).at(-1) ?? ''
}

/** Replaces a line, 1 for the first; undefined removes it. */
export function replaceLine(file: string, line: number, text: string | undefined): void {
  const lines = readFileSync(file, 'utf8').split('\n')
  lines.splice(line - 1, 1, ...(text === undefined ? [] : [text]))
  writeFileSync(file, lines.join('\n'))
}

export function addText(file: string, text: string): void {
  appendFileSync(file, text)
}

/** The error that something fails with; fails itself when there is none, or none of ours. */
export async function errorOf(work: () => unknown): Promise<JarcastError> {
  try {
    await work()
  } catch (error) {
    if (error instanceof JarcastError) return error
    throw error
  }
  throw new Error('it did not fail')
}

export async function codeOf(work: () => unknown): Promise<ErrorCode> {
  return (await errorOf(work)).code
}

/** A journal of 100 entries in many segments, with snapshots after these. */
export async function segmentedJournal(snapshots: readonly number[] = []): Promise<string> {
  const folder = await journalOf(notes(100), 1000)
  const journal = await open(folder, { segmentBytes: 1000 })
  for (const seq of snapshots) {
    await journal.writeSnapshot({ seq, fingerprint: 'f00d', state: { seq } })
  }
  await journal.close()
  return folder
}
