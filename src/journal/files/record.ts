/** Lines of a journal as data: a header, then entries with checks of the state between them. */
import type { EventObject } from 'xstate'
import { entryInvalid } from './file-errors.ts'
import { isEntry } from '../journal.ts'
import type { Entry, JournalRecord, StateCheck } from '../journal.ts'
import { crcOf, isWholeLine, parseCrc, parseLine, sealBatch, sealLine } from './line.ts'

/**
 * The first line of every segment, so that each can be opened by itself. The headers of a journal
 * differ in `firstSeq` and `chain` only.
 */
export interface JournalHeader {
  readonly format: 1
  /** Id of the machine. */
  readonly machine: string
  /** Version of the machine. */
  readonly version: string
  /** Hash of the machine's definition. */
  readonly fingerprint: string
  /** Name and version of the package that made the journal. */
  readonly package: string
  /** Milliseconds since the epoch at which the journal, not the segment, began. */
  readonly createdAt: number
  /** The input of the machine, JSON; absent if there is none. */
  readonly input?: unknown
  /** Random id of the journal, made when it began: eight hex digits. */
  readonly id: string
  /** Seq of the first entry of this segment, perhaps still to come. */
  readonly firstSeq: number
  /** The `crc` of the last line before this segment; `id` for the first. */
  readonly chain: string
}

/** Returns the header's line. Throws JOURNAL_ENTRY_INVALID if the input is not JSON. */
export function encodeHeader(header: JournalHeader): string {
  const { format, machine, version, fingerprint, package: by, createdAt, input } = header
  const { id, firstSeq, chain } = header
  const before = { format, machine, version, fingerprint, package: by, createdAt, input }
  try {
    return sealLine(JSON.stringify({ ...before, id, firstSeq, chain }).slice(0, -1))
  } catch (cause) {
    throw entryInvalid('the input of the machine cannot be written as JSON', cause)
  }
}

/**
 * The record as JSON without its closing brace. Throws JOURNAL_ENTRY_INVALID if the event is not
 * JSON (a cycle, a bigint).
 */
export function openRecord(record: JournalRecord): string {
  if (!isEntry(record)) return `{"after":${record.after},"hash":${JSON.stringify(record.hash)}`
  const { seq, now, restart, event } = record
  const head = `{"seq":${seq},"now":${now}${restart === true ? ',"restart":true' : ''}`
  if (event === undefined) return head
  try {
    return `${head},"event":${JSON.stringify(event)}`
  } catch (cause) {
    throw entryInvalid(`entry ${seq} cannot be written as JSON`, cause)
  }
}

/**
 * Writes records as lines after a header, each line a batch of its own, so that the file is valid
 * up to any line.
 */
export function createEncoder({ chain }: JournalHeader): (record: JournalRecord) => string {
  let previous = parseCrc(chain)
  return (record) => {
    const batch = sealBatch([openRecord(record)], previous)
    previous = batch.chain
    return batch.text
  }
}

/** Parses a whole line as a header of any format; undefined if it is not a header. */
export function parseHeader(bytes: Buffer): (object & { readonly format: number }) | undefined {
  const parsed = isWholeLine(bytes) ? parsedLine(bytes) : undefined
  return parsed !== undefined && 'format' in parsed && typeof parsed.format === 'number'
    ? { ...parsed, format: parsed.format }
    : undefined
}

/** True if a header of format 1 is complete. */
export function isHeader(header: object): header is JournalHeader {
  const found = header as JournalHeader
  const { machine, version, fingerprint, package: by, createdAt, id, firstSeq, chain } = found
  return (
    [machine, version, fingerprint, by].every((field) => typeof field === 'string') &&
    [id, chain].every((field) => /^[\da-f]{8}$/.test(field)) &&
    Number.isFinite(createdAt) &&
    isSeq(firstSeq)
  )
}

/** Parses a sealed line as a record, even with a wrong seal; undefined if it is not a record. */
export function parseRecord<Event extends EventObject>(
  bytes: Buffer,
): JournalRecord<Event> | undefined {
  const parsed = crcOf(bytes) === undefined ? undefined : parsedLine(bytes)
  return parsed !== undefined && isRecord(parsed) ? (parsed as JournalRecord<Event>) : undefined
}

export function isRecord(value: object): value is JournalRecord {
  if (!('seq' in value)) {
    const { after, hash } = value as StateCheck
    return (after === 0 || isSeq(after)) && typeof hash === 'string'
  }
  const { seq, now, restart, event } = value as Entry
  const isTime = Number.isFinite(now) && (restart === undefined || restart)
  return isSeq(seq) && isTime && (event === undefined || isEvent(event))
}

/** The seq of an entry's line, without parsing the rest; undefined for other lines. */
export function peekSeq(bytes: Buffer): number | undefined {
  if (bytes[2] !== 0x73 /* s, of {"seq": */) return undefined
  let seq = 0
  for (let at = 7; ; at++) {
    const digit = (bytes[at] ?? 0) - 0x30
    if (digit < 0 || digit > 9) return seq
    seq = seq * 10 + digit
  }
}

/**
 * Parses a link, the last line of a segment before another one: seq of the first entry there.
 * Undefined for other lines. A link shows that a next file is missing.
 */
export function parseLink(bytes: Buffer): number | undefined {
  if (bytes[2] !== 0x6e /* n, of {"next": */ || crcOf(bytes) === undefined) return undefined
  const { next } = (parsedLine(bytes) ?? {}) as { readonly next?: unknown }
  return isSeq(next) ? (next as number) : undefined
}

/** The link as JSON without its closing brace. */
export function openLink(next: number): string {
  return `{"next":${next}`
}

function parsedLine(bytes: Buffer): object | undefined {
  try {
    return parseLine(bytes)
  } catch {
    return undefined
  }
}

function isSeq(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0
}

function isEvent(event: unknown): boolean {
  return (
    typeof event === 'object' &&
    event !== null &&
    typeof (event as { type?: unknown }).type === 'string'
  )
}
