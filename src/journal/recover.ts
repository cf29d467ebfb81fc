/** Opening a journal that another process may have left in the middle of a write. */
import { rm, truncate } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { JournalEnd } from './group-commit.ts'
import { encodeHeader } from './record.ts'
import type { JournalHeader } from './record.ts'
import { createSegment, namesIn, syncFolder } from './segments.ts'
import { removeSnapshotsBeyond } from './snapshot-store.ts'
import { surveyFolder } from './survey.ts'
import type { Survey, TornTail } from './survey.ts'

/** What a new journal is told about itself. */
export type NewJournalHeader = Omit<JournalHeader, 'format' | 'firstSeq' | 'createdAt'> & {
  /** Milliseconds since the epoch. Default: the time of this machine. */
  readonly createdAt?: number
}

export interface Recovered {
  readonly header: JournalHeader
  /** What was cut off. */
  readonly torn: TornTail | undefined
  /** Where to go on. */
  readonly start: JournalEnd
}

/**
 * Cuts off what was never finished, or begins a journal where there is none; removes drafts, and snapshots of
 * entries that are not there. The folder must be locked.
 */
export async function recover(folder: string, fresh: NewJournalHeader): Promise<Recovered> {
  await removeDrafts(folder)
  const survey = surveyFolder(folder)
  if (survey === undefined) {
    const { createdAt = Date.now(), ...rest } = fresh
    const header = { format: 1, ...rest, createdAt, firstSeq: 1 } as const
    await removeSnapshotsBeyond(folder, 0)
    return { header, torn: undefined, start: await beginSegment(folder, header) }
  }
  const { header, torn, lastSeq } = survey
  if (torn !== undefined) await cutOff(torn)
  await removeSnapshotsBeyond(folder, lastSeq)
  return { header, torn, start: endOf(survey) }
}

async function cutOff({ file, byte }: TornTail): Promise<void> {
  if (byte === 0) await rm(file)
  else await truncate(file, byte)
  await syncFolder(dirname(file))
}

function endOf({ header, sources, lastSeq }: Survey): JournalEnd {
  const { file, firstSeq, end } = sources.at(-1) ?? sources[0]
  const headerBytes = Buffer.byteLength(encodeHeader({ ...header, firstSeq }))
  return { file, sizeBytes: end, lastSeq, headerBytes }
}

/** A new segment, and where to write in it. */
export async function beginSegment(folder: string, header: JournalHeader): Promise<JournalEnd> {
  const { file, firstSeq } = await createSegment(folder, header)
  const headerBytes = Buffer.byteLength(encodeHeader(header))
  return { file, sizeBytes: headerBytes, headerBytes, lastSeq: firstSeq - 1 }
}

/** Files whose writing was never finished. */
async function removeDrafts(folder: string): Promise<void> {
  const drafts = namesIn(folder).filter((name) => /^(journal|snapshot)-\d+\.\w+\.tmp$/.test(name))
  for (const name of drafts) await rm(join(folder, name), { force: true })
}
