/** `jarcast journal check`: every line of a journal looked at, all that is wrong named. */
import { statSync } from 'node:fs'
import { JarcastError } from '../errors.ts'
import type { JournalPlace } from './file-errors.ts'
import { notFound } from './file-errors.ts'
import { isEntry } from './journal.ts'
import { isWholeLine } from './line.ts'
import { readLines } from './read-lines.ts'
import type { FileLine } from './read-lines.ts'
import { brokenLine, outOfOrder, prematureCheck } from './read-records.ts'
import { parseRecord } from './record.ts'
import type { JournalHeader } from './record.ts'
import { discontinuity, listSegments, readHeader } from './segments.ts'
import type { Segment } from './segments.ts'
import { listSnapshots, parseSnapshot } from './snapshot-store.ts'
import { isFolder, surveyJournal } from './survey.ts'
import type { TornTail } from './survey.ts'

export interface JournalProblem extends JournalPlace {
  readonly reason: string
}

export interface JournalReport {
  /** Of the first segment; undefined when that one is broken. */
  readonly header: JournalHeader | undefined
  readonly files: readonly string[]
  readonly sizeBytes: number
  /** Whole ones. */
  readonly entries: number
  /** Whole lines that check a state. */
  readonly checks: number
  /** Seq of the last whole entry. */
  readonly lastSeq: number
  /** In order, 100 at most. None: every entry can be read. */
  readonly problems: readonly JournalProblem[]
  /** What the next open will cut off. No problem: nothing in it was acknowledged. */
  readonly torn: TornTail | undefined
  /** Newest first; one that is not whole is passed over by readers. */
  readonly snapshots: readonly {
    readonly file: string
    readonly seq: number
    readonly isWhole: boolean
    readonly fingerprint: string | undefined
  }[]
}

const maxProblems = 100

/**
 * Reads all of a journal, a folder or one file, without locking or changing it, and goes on behind what is broken.
 * Throws JOURNAL_NOT_FOUND, JOURNAL_UNREADABLE, JOURNAL_UNSUPPORTED.
 */
export function checkJournal(path: string): JournalReport {
  const segments = isFolder(path) ? listSegments(path) : [{ file: path }]
  if (segments.length === 0) throw notFound(path)
  const torn = unlessCorrupt(() => surveyJournal(path))?.torn
  const check = createCheck(torn)
  for (const segment of segments) check.addSegment(segment)
  return {
    ...check.result(),
    files: segments.map(({ file }) => file),
    sizeBytes: segments.reduce((sum, { file }) => sum + statSync(file).size, 0),
    torn,
    snapshots: isFolder(path) ? describeSnapshots(path) : [],
  }
}

function createCheck(torn: TornTail | undefined) {
  const problems: JournalProblem[] = []
  let header: JournalHeader | undefined
  let next = 1
  // After a broken line it is a guess what comes next, and a wrong guess is no second problem.
  let isSure = false
  let entries = 0
  let checks = 0

  function report(place: JournalPlace, reason: string | undefined): void {
    if (reason === undefined || problems.length >= maxProblems) return
    problems.push({ ...place, reason })
  }

  function addSegment({ file, firstSeq }: Partial<Segment> & Pick<Segment, 'file'>): void {
    if (torn?.file === file && torn.byte === 0) return
    const found = headerOf(file)
    const expected = isSure ? next : (firstSeq ?? found?.firstSeq ?? next)
    const place = { file, line: 1, seq: expected, byte: 0 }
    if (found === undefined) report(place, 'is no header of a journal')
    else report(place, discontinuity(header ?? found, found, expected))
    header ??= found
    next = found?.firstSeq ?? expected
    isSure = found !== undefined
    const end = torn?.file === file ? torn.byte : Infinity
    for (const line of readLines(file, end)) if (line.line > 1) addLine(file, line)
  }

  function addLine(file: string, line: FileLine): void {
    const place = { file, line: line.line, seq: next, byte: line.byte }
    const isWhole = line.ended && isWholeLine(line.bytes)
    const record = isWhole ? parseRecord(line.bytes) : undefined
    if (record === undefined) {
      report(place, isWhole ? 'is no record' : brokenLine(line))
      next += 1
      isSure = false
    } else if (isEntry(record)) {
      if (isSure && record.seq !== next) report(place, outOfOrder(record.seq))
      entries += 1
      next = record.seq + 1
      isSure = true
    } else {
      if (isSure) report(place, prematureCheck(record, next))
      checks += 1
    }
  }

  const result = () => ({ header, entries, checks, lastSeq: next - 1, problems })
  return { addSegment, result }
}

/** Undefined when it is broken, which is for the check to report. */
function headerOf(file: string): JournalHeader | undefined {
  return unlessCorrupt(() => readHeader(file))
}

function unlessCorrupt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof JarcastError && error.code === 'JOURNAL_CORRUPT') return undefined
    throw error
  }
}

function describeSnapshots(folder: string): JournalReport['snapshots'] {
  return listSnapshots(folder).map((found) => {
    const snapshot = parseSnapshot(found)
    return { ...found, isWhole: snapshot !== undefined, fingerprint: snapshot?.fingerprint }
  })
}
