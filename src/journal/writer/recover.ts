/** Opening a journal that another process may have left in the middle of a write. */
import { randomBytes } from 'node:crypto'
import { open, rm, truncate } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { earliestStartMs, latestMs } from '../entry-times.ts'
import type { JournalEnd } from './group-commit.ts'
import { parseCrc } from '../files/line.ts'
import { encodeHeader } from '../files/record.ts'
import type { JournalHeader } from '../files/record.ts'
import { createSegment, namesIn, syncFolder } from '../files/segments.ts'
import { surveyFolder } from '../files/survey.ts'
import type { Survey, TornTail, UnlinkedSegment } from '../files/survey.ts'

/** The header of a new journal, without what opening adds. */
export type NewJournalHeader = Omit<
  JournalHeader,
  'format' | 'firstSeq' | 'createdAt' | 'id' | 'chain'
> & {
  /** Milliseconds since the epoch. Default: the time of this machine. */
  readonly createdAt?: number
}

export interface Recovered {
  readonly header: JournalHeader
  /** The unfinished write that was cut off. */
  readonly torn: TornTail | undefined
  /** Where the next line goes. */
  readonly start: JournalEnd
  /** Time of the last entry, or of the start of the journal. */
  readonly lastNow: number
}

/**
 * Cuts off an unfinished write, or begins a journal in an empty folder; removes drafts. The folder
 * must be locked.
 */
export async function recover(folder: string, fresh: NewJournalHeader): Promise<Recovered> {
  await removeDrafts(folder)
  const survey = surveyFolder(folder)
  if (survey === undefined) {
    const { createdAt = wallClock(), ...rest } = fresh
    const id = randomBytes(4).toString('hex')
    const header = { format: 1, ...rest, createdAt, id, firstSeq: 1, chain: id } as const
    const start = await beginSegment(folder, header)
    return { header, torn: undefined, start, lastNow: createdAt }
  }
  const { header, torn, unlinked, lastNow } = survey
  if (unlinked !== undefined) await finishLink(unlinked)
  if (torn !== undefined) await cutOff(torn)
  return { header, torn, start: endOf(survey), lastNow }
}

/** The wall clock; a machine without one shows 1970 or a random time. */
function wallClock(): number {
  const now = Date.now()
  return now >= earliestStartMs && now < latestMs ? now : earliestStartMs
}

async function cutOff({ file, byte }: TornTail): Promise<void> {
  await truncate(file, byte)
  await syncFolder(dirname(file))
}

async function finishLink({ file, end, link }: UnlinkedSegment): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.truncate(end)
    await handle.write(link, end)
    await handle.datasync()
  } finally {
    await handle.close()
  }
}

function endOf({ header, sources, lastSeq, chain }: Survey): JournalEnd {
  const { file, firstSeq, end } = sources.at(-1) ?? sources[0]
  // Headers differ in length only by their `firstSeq`.
  const headerBytes = Buffer.byteLength(encodeHeader({ ...header, firstSeq }))
  return { file, sizeBytes: end, lastSeq, chain, headerBytes }
}

/** Creates a segment and returns its end. */
export async function beginSegment(folder: string, header: JournalHeader): Promise<JournalEnd> {
  const { file, firstSeq } = await createSegment(folder, header)
  const headerBytes = Buffer.byteLength(encodeHeader(header))
  const chain = parseCrc(header.chain)
  return { file, sizeBytes: headerBytes, headerBytes, lastSeq: firstSeq - 1, chain }
}

/** Removes files whose writing was never finished. */
async function removeDrafts(folder: string): Promise<void> {
  const drafts = namesIn(folder).filter((name) => /^(journal|snapshot)-\d+\.\w+\.tmp$/.test(name))
  for (const name of drafts) await rm(join(folder, name), { force: true })
}
