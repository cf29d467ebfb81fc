/** Verifies every line of a journal, also those after a broken one. */
import { JarcastError } from '../../errors.ts'
import { timeProblem } from '../entry-times.ts'
import type { JournalPlace } from '../files/file-errors.ts'
import { batchEndOf, crcOf, isWholeLine, parseCrc } from '../files/line.ts'
import { payloadOf } from '../files/payloads.ts'
import { readLines } from '../files/read-lines.ts'
import type { FileLine } from '../files/read-lines.ts'
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
import { discontinuity, readHeader } from '../files/segments.ts'
import { isEntry } from '../journal.ts'
import type { Entry, StateCheck } from '../journal.ts'

export interface JournalProblem extends JournalPlace {
  readonly reason: string
}

/** Largest number of problems that a report names. */
export const maxProblems = 100

/** Reads segments in order and collects what it finds. */
export class LineCheck {
  /** Of the first segment whose header is whole. */
  header: JournalHeader | undefined
  /** Number of whole entries. */
  entries = 0
  /** Number of whole checks of a state. */
  checks = 0
  /** In order, `maxProblems` at most. */
  readonly problems: JournalProblem[] = []
  /** Digests of payloads, each with the first entry that names it. */
  readonly payloads = new Map<string, number>()
  #next = 1
  /** False after a broken line: `#next` is a guess then, so another seq is no second problem. */
  #isSure = false
  /** The `crc` that the next line continues; undefined if unknown. */
  #chain: number | undefined
  /** Lines of the current batch; undefined if unknown. */
  #batchLines: number | undefined
  #isLinked = false
  /** Time of the previous entry; undefined if unknown. */
  #before: number | undefined

  /** Seq of the last entry. */
  get lastSeq(): number {
    return this.#next - 1
  }

  /** Reads a segment up to offset `end`. `firstSeq` is the one in its name, if it has one. */
  addSegment(file: string, firstSeq: number | undefined, end = Infinity): void {
    let place = this.#addHeader(file, firstSeq)
    for (const line of readLines(file, end)) {
      if (line.line === 1) continue
      place = { file, line: line.line, seq: this.#next, byte: line.byte }
      this.#addLine(place, line)
    }
    if (this.#isSure && (this.#batchLines ?? 0) > 0) this.#report(place, withoutEnd)
  }

  #addHeader(file: string, firstSeq: number | undefined): JournalPlace {
    const found = headerOf(file)
    const expected = this.#isSure ? this.#next : (firstSeq ?? found?.firstSeq ?? this.#next)
    const place = { file, line: 1, seq: expected, byte: 0 }
    if (found === undefined) this.#report(place, 'is no header of a journal')
    else this.#report(place, discontinuity(this.header ?? found, found, expected, this.#chain))
    if (this.header === undefined && found?.firstSeq === 1) this.#before = found.createdAt
    this.header ??= found
    this.#next = found?.firstSeq ?? expected
    this.#isSure = found !== undefined
    this.#chain = found === undefined ? undefined : parseCrc(found.chain)
    this.#batchLines = 0
    this.#isLinked = false
    return place
  }

  #addLine(place: JournalPlace, line: FileLine): void {
    if (this.#isLinked) {
      this.#report(place, behindLink)
      return
    }
    const { bytes } = line
    const previous = this.#chain
    this.#chain = crcOf(bytes)
    if (!line.ended || (previous !== undefined && !isWholeLine(bytes, previous))) {
      this.#addBroken(place, line)
      return
    }
    this.#countBatch(place, batchEndOf(bytes))
    const record = parseRecord(bytes)
    if (record === undefined) this.#addLink(place, parseLink(bytes), previous)
    else if (isEntry(record)) this.#addEntry(place, record)
    else this.#addCheck(place, record)
  }

  /** The seq in a broken line tells whether the line before is missing or this one is damaged. */
  #addBroken(place: JournalPlace, line: FileLine): void {
    this.#report(place, misfit(line, this.#next))
    const record = parseRecord(line.bytes)
    const isOther = record !== undefined && isEntry(record) && record.seq !== this.#next
    if (isOther) this.entries += 1
    else this.#chain = undefined
    this.#next = isOther ? record.seq + 1 : this.#next + 1
    this.#isSure = isOther
    this.#before = undefined
    this.#batchLines = undefined
  }

  #addLink(place: JournalPlace, link: number | undefined, previous: number | undefined): void {
    if (link === undefined) this.#report(place, 'is no record')
    else if (this.#isSure && link !== this.#next) this.#report(place, outOfOrder(link))
    else {
      // The next segment continues the line before the link.
      this.#chain = previous
      this.#isLinked = true
    }
  }

  #addEntry(place: JournalPlace, entry: Entry): void {
    if (this.#isSure && entry.seq !== this.#next) this.#report(place, outOfOrder(entry.seq))
    else this.#report(place, timeProblem(entry.now, this.#before))
    this.#before = entry.now
    this.entries += 1
    this.#next = entry.seq + 1
    this.#isSure = true
    const sha256 = payloadOf(entry)
    if (sha256 !== undefined && !this.payloads.has(sha256)) this.payloads.set(sha256, entry.seq)
  }

  #addCheck(place: JournalPlace, check: StateCheck): void {
    if (this.#isSure) this.#report(place, prematureCheck(check, this.#next))
    this.checks += 1
  }

  #countBatch(place: JournalPlace, ended: number | undefined): void {
    if (this.#batchLines !== undefined) this.#batchLines += 1
    if (ended === undefined) return
    if (this.#batchLines !== undefined && this.#batchLines !== ended)
      this.#report(place, wrongEnd(ended, this.#batchLines))
    this.#batchLines = 0
  }

  #report(place: JournalPlace, reason: string | undefined): void {
    if (reason === undefined || this.problems.length >= maxProblems) return
    this.problems.push({ ...place, reason })
  }
}

/** Undefined if the header is broken; the check reports that. */
function headerOf(file: string): JournalHeader | undefined {
  try {
    return readHeader(file)
  } catch (error) {
    if (error instanceof JarcastError && error.code === 'JOURNAL_CORRUPT') return undefined
    throw error
  }
}
