/** `jarcast journal check`: reads every line of a journal and names all problems. */
import { statSync } from 'node:fs'
import { JarcastError } from '../../errors.ts'
import type { JournalPlace } from '../files/file-errors.ts'
import { notFound } from '../files/file-errors.ts'
import type { JournalHeader } from '../files/record.ts'
import { listSegments } from '../files/segments.ts'
import type { Segment } from '../files/segments.ts'
import { listSnapshots, parseSnapshot } from '../files/snapshot-store.ts'
import { isFolder, surveyJournal } from '../files/survey.ts'
import type { Survey, TornTail } from '../files/survey.ts'
import { LineCheck } from './check-lines.ts'
import type { JournalProblem } from './check-lines.ts'
import { checkPayloads } from './check-payloads.ts'
import type { PayloadReport } from './check-payloads.ts'

export interface JournalReport {
  /** Of the first segment; undefined if that one is broken. */
  readonly header: JournalHeader | undefined
  readonly files: readonly string[]
  readonly sizeBytes: number
  /** Number of whole entries. */
  readonly entries: number
  /** Number of whole checks of a state. */
  readonly checks: number
  /** Seq of the last whole entry. */
  readonly lastSeq: number
  /** In order, 100 at most. None: every entry can be read. */
  readonly problems: readonly JournalProblem[]
  /** Large results beside the entries; none for a journal in one file. */
  readonly payloads: PayloadReport
  /** The unfinished write that the next open cuts off. Nothing in it was acknowledged. */
  readonly torn: TornTail | undefined
  /** Newest first; readers skip one that is not whole. */
  readonly snapshots: readonly {
    readonly file: string
    readonly seq: number
    readonly isWhole: boolean
    readonly fingerprint: string | undefined
  }[]
}

const noPayloads: PayloadReport = { named: 0, unnamed: 0, problems: [] }

/**
 * Reads all of a journal, a folder or one file, without locking or changing it, and continues after
 * a broken line. Throws JOURNAL_NOT_FOUND, JOURNAL_UNREADABLE, JOURNAL_UNSUPPORTED.
 */
export function checkJournal(path: string): JournalReport {
  const isWholeFolder = isFolder(path)
  const segments: readonly (Partial<Segment> & Pick<Segment, 'file'>)[] = isWholeFolder
    ? listSegments(path)
    : [{ file: path }]
  if (segments.length === 0) throw notFound(path)
  const { survey, problem } = surveyOf(path)
  const check = new LineCheck()
  for (const { file, firstSeq } of segments)
    check.addSegment(file, firstSeq, survey?.sources.find((source) => source.file === file)?.end)
  const { header, entries, checks, lastSeq, problems } = check
  const id = header?.id ?? ''
  return {
    header,
    entries,
    checks,
    lastSeq,
    // A problem of the journal as a whole: its end is lost.
    problems: problems.length === 0 && problem !== undefined ? [problem] : problems,
    files: segments.map(({ file }) => file),
    sizeBytes: segments.reduce((sum, { file }) => sum + statSync(file).size, 0),
    torn: survey?.torn,
    snapshots: isWholeFolder ? describeSnapshots(path, id) : [],
    payloads: isWholeFolder ? checkPayloads(path, id, check.payloads) : noPayloads,
  }
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

function describeSnapshots(folder: string, journalId: string): JournalReport['snapshots'] {
  return listSnapshots(folder).map((found) => {
    const snapshot = parseSnapshot(found, journalId)
    return { ...found, isWhole: snapshot !== undefined, fingerprint: snapshot?.fingerprint }
  })
}
