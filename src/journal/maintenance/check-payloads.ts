/** Verifies the payloads beside a journal. */
import { listPayloads, payloadProblem, payloadsNamedIn } from '../files/payloads.ts'
import { listSnapshots, parseSnapshot } from '../files/snapshot-store.ts'
import { maxProblems } from './check-lines.ts'

export interface PayloadReport {
  /** Number of files that entries or snapshots name. */
  readonly named: number
  /**
   * Number of files that no entry names: being written now, or left by a process that was killed
   * before the entry. Not a problem.
   */
  readonly unnamed: number
  /** In order, 100 at most: payloads that are named, and are missing or damaged. */
  readonly problems: readonly PayloadProblem[]
}

export interface PayloadProblem {
  /** Digest and file name. */
  readonly sha256: string
  /** Seq of the first entry or snapshot that names it. */
  readonly seq: number
  readonly reason: string
}

/**
 * Verifies the payloads that the entries of a folder name, and its snapshots. Call it after the
 * entries were read: a payload is written before the entry that names it.
 */
export function checkPayloads(
  folder: string,
  journalId: string,
  namedByEntries: ReadonlyMap<string, number>,
): PayloadReport {
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
