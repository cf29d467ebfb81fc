/** What the lines of a journal say: a header first, then entries, with checks of the state between them. */
import type { EventObject } from 'xstate'
import { entryInvalid } from './file-errors.ts'
import { isEntry } from './journal.ts'
import type { Entry, JournalRecord, StateCheck } from './journal.ts'
import { isWholeLine, parseLine, sealLine } from './line.ts'

/**
 * The first line of every segment, so that each, or the head of one, can be opened by itself. All segments of a
 * journal have the same, but for `firstSeq`.
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
  /** What the machine was started with, JSON; absent when with nothing. */
  readonly input?: unknown
  /** Seq of the first entry of this segment, also while it has none yet. */
  readonly firstSeq: number
}

/** The header's line. Throws JOURNAL_ENTRY_INVALID when the input is not JSON. */
export function encodeHeader(header: JournalHeader): string {
  const { format, machine, version, fingerprint, package: by, createdAt, input, firstSeq } = header
  const known = { format, machine, version, fingerprint, package: by, createdAt, input, firstSeq }
  try {
    return sealLine(JSON.stringify(known).slice(0, -1))
  } catch (cause) {
    throw entryInvalid('the input of the machine cannot be written as JSON', cause)
  }
}

/** The record's line. Throws JOURNAL_ENTRY_INVALID when the event is not JSON (a cycle, a bigint). */
export function encodeRecord(record: JournalRecord): string {
  if (!isEntry(record)) {
    return sealLine(`{"after":${record.after},"hash":${JSON.stringify(record.hash)}`)
  }
  const { seq, now, event } = record
  if (event === undefined) return sealLine(`{"seq":${seq},"now":${now}`)
  try {
    return sealLine(`{"seq":${seq},"now":${now},"event":${JSON.stringify(event)}`)
  } catch (cause) {
    throw entryInvalid(`entry ${seq} cannot be written as JSON`, cause)
  }
}

/** The header that a whole line is, of whatever format; undefined when it is none. */
export function parseHeader(bytes: Buffer): (object & { readonly format: number }) | undefined {
  const parsed = parsedLine(bytes)
  return parsed !== undefined && 'format' in parsed && typeof parsed.format === 'number'
    ? { ...parsed, format: parsed.format }
    : undefined
}

/** Whether a header of format 1 says all that it must. */
export function isHeader(header: object): header is JournalHeader {
  const {
    machine,
    version,
    fingerprint,
    createdAt,
    firstSeq,
    package: by,
  } = header as JournalHeader
  return (
    [machine, version, fingerprint, by].every((field) => typeof field === 'string') &&
    Number.isFinite(createdAt) &&
    isSeq(firstSeq)
  )
}

/** The record that a whole line is; undefined when it is none. */
export function parseRecord<Event extends EventObject>(
  bytes: Buffer,
): JournalRecord<Event> | undefined {
  const parsed = parsedLine(bytes)
  return parsed !== undefined && isRecord(parsed) ? (parsed as JournalRecord<Event>) : undefined
}

export function isRecord(value: object): value is JournalRecord {
  if (!('seq' in value)) {
    const { after, hash } = value as StateCheck
    return (after === 0 || isSeq(after)) && typeof hash === 'string'
  }
  const { seq, now, event } = value as Entry
  return isSeq(seq) && Number.isFinite(now) && (event === undefined || isEvent(event))
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

function parsedLine(bytes: Buffer): object | undefined {
  if (!isWholeLine(bytes)) return undefined
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
