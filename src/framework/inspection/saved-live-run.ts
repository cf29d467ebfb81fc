/** A live run as lines of a journal. */
import { randomBytes } from 'node:crypto'
import type { AppInfo, Feature } from '../../inspector/protocol/questions.ts'
import { momentUnknown } from '../../inspector/answer-errors.ts'
import type { KeptRun } from '../../inspector/replay-app/kept-run.ts'
import { createEncoder, encodeHeader } from '../../journal/files/record.ts'
import { runHeader } from '../recorded/run-header.ts'
import type { WatchableRun } from './watchable.ts'

/** How a run can be saved: a journal in one file has no state to start from but the first. */
export function exportFeatures({ firstSeq }: Pick<AppInfo, 'firstSeq'>): readonly Feature[] {
  return firstSeq === 0 ? ['export', 'exportPage'] : ['exportPage']
}

/**
 * The run is asked for when the first line is. Rejects with INSPECTOR_MOMENT_UNKNOWN if the first
 * entries were dropped.
 */
export async function* liveLines(
  { input, startedAt: createdAt }: Pick<WatchableRun, 'input' | 'startedAt'>,
  kept: () => Promise<KeptRun>,
): AsyncGenerator<string, void> {
  const { from, entries } = await kept()
  if (from !== undefined) throw momentUnknown(0)
  const id = randomBytes(4).toString('hex')
  const header = { format: 1, ...runHeader(input), createdAt, id, firstSeq: 1, chain: id } as const
  yield encodeHeader(header).trimEnd()
  const encode = createEncoder(header)
  for (const entry of entries) yield encode(entry).trimEnd()
}
