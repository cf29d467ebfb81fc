/** `jarcast journal check`: every line of a journal looked at, all that is wrong named. */
import { statSync } from 'node:fs'
import { JarcastError } from '../../errors.ts'
import { timeProblem } from '../entry-times.ts'
import type { JournalPlace } from '../files/file-errors.ts'
import { notFound } from '../files/file-errors.ts'
import { isEntry } from '../journal.ts'
import { batchEndOf, crcOf, isWholeLine, parseCrc } from '../files/line.ts'
import { readLines } from '../files/read-lines.ts'
import type { FileLine } from '../files/read-lines.ts'
import { listPayloads, payloadOf, payloadProblem, payloadsNamedIn } from '../files/payloads.ts'
import {
  behindLink,
  misfit,
  outOfOrder,
  prematureCheck,
  withoutEnd,
  wrongEnd,
} from '../files/read-records.ts'
import { parseLink, parseRecord } from '../files/record.ts'
import type { JournalHeader } from '../files/record.ts'
import { discontinuity, listSegments, readHeader } from '../files/segments.ts'
import type { Segment } from '../files/segments.ts'
import { listSnapshots, parseSnapshot } from '../files/snapshot-store.ts'
import { isFolder, surveyJournal } from '../files/survey.ts'
import type { Survey, TornTail } from '../files/survey.ts'

export interface JournalProblem extends JournalPlace {
  readonly reason: string
}

export interface PayloadProblem {
  /** Digest and file name. */
  readonly sha256: string
  /** Seq of the first entry or snapshot that names it. */
  readonly seq: number
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
  /** Large results beside the entries; absent for a journal in one file, which has none. */
  readonly payloads: {
    /** Number of files that entries or snapshots name. */
    readonly named: number
    /**
     * Number of files that no entry names: being written now, or left by a process that was killed
     * before the entry. Not a problem.
     */
    readonly unnamed: number
    /** In order, 100 at most: what entries name, and what cannot be told any more. */
    readonly problems: readonly PayloadProblem[]
  }
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
  const { survey, problem } = surveyOf(path)
  const torn = survey?.torn
  const check = createCheck(survey)
  for (const segment of segments) check.addSegment(segment)
  const { header, problems, named, ...counts } = check.result()
  return {
    header,
    ...counts,
    // Problems of the journal as a whole: its end is lost.
    problems: problems.length === 0 && problem !== undefined ? [problem] : problems,
    files: segments.map(({ file }) => file),
    sizeBytes: segments.reduce((sum, { file }) => sum + statSync(file).size, 0),
    torn,
    snapshots: isFolder(path) ? describeSnapshots(path, header?.id ?? '') : [],
    payloads: isFolder(path) ? checkPayloads(path, header?.id ?? '', named) : noPayloads,
  }
}

function createCheck(survey: Survey | undefined) {
  const problems: JournalProblem[] = []
  let header: JournalHeader | undefined
  let next = 1
  // After a broken line it is a guess what comes next, and a wrong guess is no second problem.
  let isSure = false
  let chain: number | undefined
  let batchLines: number | undefined
  let isLinked = false
  /** Time of the entry before. */
  let before: number | undefined
  let entries = 0
  let checks = 0
  /** Digests of payloads, each with the first entry that names it. */
  const named = new Map<string, number>()

  function report(place: JournalPlace, reason: string | undefined): void {
    if (reason === undefined || problems.length >= maxProblems) return
    problems.push({ ...place, reason })
  }

  function addSegment({ file, firstSeq }: Partial<Segment> & Pick<Segment, 'file'>): void {
    const found = headerOf(file)
    const expected = isSure ? next : (firstSeq ?? found?.firstSeq ?? next)
    const place = { file, line: 1, seq: expected, byte: 0 }
    if (found === undefined) report(place, 'is no header of a journal')
    else report(place, discontinuity(header ?? found, found, expected, chain))
    if (header === undefined && found?.firstSeq === 1) before = found.createdAt
    header ??= found
    next = found?.firstSeq ?? expected
    isSure = found !== undefined
    chain = found === undefined ? undefined : parseCrc(found.chain)
    batchLines = 0
    isLinked = false
    const end = survey?.sources.find((source) => source.file === file)?.end
    let last = place
    for (const line of readLines(file, end)) {
      if (line.line === 1) continue
      last = { file, line: line.line, seq: next, byte: line.byte }
      addLine(last, line)
    }
    if (isSure && (batchLines ?? 0) > 0) report(last, withoutEnd)
  }

  function addLine(place: JournalPlace, line: FileLine): void {
    const { bytes } = line
    if (isLinked) {
      report(place, behindLink)
      return
    }
    const fits = line.ended && (chain === undefined || isWholeLine(bytes, chain))
    const record = parseRecord(bytes)
    const link = parseLink(bytes)
    const previous = chain
    chain = crcOf(bytes)
    if (!fits) {
      report(place, misfit(line, next))
      // The number of a line tells whether the line before is missing or broken.
      const isKnown = record !== undefined && isEntry(record) && record.seq !== next
      if (!isKnown) chain = undefined
      next = isKnown ? record.seq + 1 : next + 1
      if (isKnown) entries += 1
      isSure = isKnown
      before = undefined
      batchLines = undefined
      return
    }
    countBatch(place, batchEndOf(bytes))
    if (record === undefined) {
      if (link === undefined) report(place, 'is no record')
      else if (isSure && link !== next) report(place, outOfOrder(link))
      else {
        chain = previous
        isLinked = true
      }
    } else if (isEntry(record)) {
      if (isSure && record.seq !== next) report(place, outOfOrder(record.seq))
      else report(place, timeProblem(record.now, before))
      before = record.now
      entries += 1
      next = record.seq + 1
      isSure = true
      const sha256 = payloadOf(record)
      if (sha256 !== undefined && !named.has(sha256)) named.set(sha256, record.seq)
    } else {
      if (isSure) report(place, prematureCheck(record, next))
      checks += 1
    }
  }

  function countBatch(place: JournalPlace, ended: number | undefined): void {
    if (batchLines !== undefined) batchLines += 1
    if (ended === undefined) return
    if (batchLines !== undefined && batchLines !== ended) report(place, wrongEnd(ended, batchLines))
    batchLines = 0
  }

  const result = () => ({ header, entries, checks, lastSeq: next - 1, problems, named })
  return { addSegment, result }
}

const noPayloads: JournalReport['payloads'] = { named: 0, unnamed: 0, problems: [] }

/** Runs after the entries were read: a payload is written before the entry that names it. */
function checkPayloads(
  folder: string,
  journalId: string,
  namedByEntries: ReadonlyMap<string, number>,
): JournalReport['payloads'] {
  const named = new Map(namedByEntries)
  // Oldest first; in a compacted journal, only snapshots name the payloads of dropped entries.
  for (const found of listSnapshots(folder).toReversed()) {
    const snapshot = parseSnapshot(found, journalId)
    const text = Buffer.from(JSON.stringify(snapshot ?? null))
    for (const sha256 of payloadsNamedIn(text)) if (!named.has(sha256)) named.set(sha256, found.seq)
  }
  const problems: PayloadProblem[] = []
  for (const [sha256, seq] of named) {
    const reason = problems.length < maxProblems ? payloadProblem(folder, sha256) : undefined
    if (reason !== undefined) problems.push({ sha256, seq, reason })
  }
  const unnamed = listPayloads(folder).filter((name) => !named.has(name)).length
  return { named: named.size, unnamed, problems }
}

/** Returns the survey of the journal, or the reason why it cannot be opened. */
function surveyOf(path: string): { readonly survey?: Survey; readonly problem?: JournalProblem } {
  try {
    return { survey: surveyJournal(path) }
  } catch (error) {
    if (!(error instanceof JarcastError) || error.code !== 'JOURNAL_CORRUPT') throw error
    const { message: reason, details } = error
    return { problem: { ...(details as unknown as JournalPlace), reason } }
  }
}

/** Undefined if it is broken; the check reports that. */
function headerOf(file: string): JournalHeader | undefined {
  try {
    return readHeader(file)
  } catch (error) {
    if (error instanceof JarcastError && error.code === 'JOURNAL_CORRUPT') return undefined
    throw error
  }
}

function describeSnapshots(folder: string, journalId: string): JournalReport['snapshots'] {
  return listSnapshots(folder).map((found) => {
    const snapshot = parseSnapshot(found, journalId)
    return { ...found, isWhole: snapshot !== undefined, fingerprint: snapshot?.fingerprint }
  })
}
