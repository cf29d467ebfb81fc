/** What the journal's files cost, beside what the disk and JSON cost by themselves. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFileJournal } from '../../../src/journal/writer/file-journal.ts'
import type { FileJournal } from '../../../src/journal/writer/file-journal.ts'
import type { Entry } from '../../../src/journal/journal.ts'
import { readJournal } from '../../../src/journal/files/read-journal.ts'
import { sealBatch } from '../../../src/journal/files/line.ts'
import { openRecord } from '../../../src/journal/files/record.ts'
import { rate, roundsOfEach, secondsOf } from '../support/measure.ts'
import type { Figure } from '../support/measure.ts'

const createdAt = 1_790_000_000_000
const header = {
  machine: 'bench',
  version: '1',
  fingerprint: 'f00d',
  package: 'jarcast',
  createdAt,
}

export async function* figures(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'jarcast-bench-'))
  try {
    for (const [batch, count] of [
      [1, 2000],
      [32, 20_000],
      [256, 50_000],
    ] as const) {
      yield await appending(folder, count, batch)
    }
    yield await appendingTogether(folder, 50_000, 256)
    yield* readingAndOpening(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Batches one after another, each waited for. */
async function appending(folder: string, count: number, batch: number): Promise<Figure> {
  const batches = inBatches(count, batch)
  const [ours = [], raw = []] = await roundsOfEach([
    () =>
      withJournal(folder, async (journal) => {
        for (const records of batches) await journal.append(records)
      }),
    rawWrites(folder, batches),
  ])
  const what = `append, ${batch} at a time`
  return rate(what, count, ours, 'entries/s', ['write + fdatasync of the same bytes', raw])
}

/** Every entry in an append of its own, so many under way at once: the journal makes the groups. */
async function appendingTogether(
  folder: string,
  count: number,
  producers: number,
): Promise<Figure> {
  const single = inBatches(count, 1)
  const [ours = [], raw = []] = await roundsOfEach([
    () =>
      withJournal(folder, async (journal) => {
        const waiting = single.values()
        const produce = async () => {
          for (const records of waiting) await journal.append(records)
        }
        await Promise.all(Array.from({ length: producers }, produce))
      }),
    rawWrites(folder, inBatches(count, producers)),
  ])
  const peer = `write + fdatasync, ${producers} at a time`
  return rate(`append one by one, ${producers} under way`, count, ours, 'entries/s', [peer, raw])
}

async function* readingAndOpening(folder: string): AsyncGenerator<Figure> {
  const run = join(folder, 'run')
  let count = 0
  for (const size of [10_000, 100_000, 1_000_000]) {
    await grow(run, count, size)
    count = size
    if (size === 100_000) yield await reading(run, size)
    const seconds = await secondsOf(async () => (await openFileJournal(run, { header })).close())
    yield { case: `open, ${size.toLocaleString('en')} entries`, value: seconds * 1000, unit: 'ms' }
  }
}

async function reading(run: string, count: number): Promise<Figure> {
  const lines = readFileSync(join(run, 'journal-0000000000000001.ndjson'), 'utf8').split('\n')
  let sum = 0
  const [ours = [], parse = []] = await roundsOfEach([
    () => {
      for (const record of readJournal(run).records) sum += 'seq' in record ? record.seq : 0
    },
    () => {
      for (const line of lines)
        if (line !== '') sum += Object.keys(JSON.parse(line) as object).length
    },
  ])
  if (sum === 0) throw new Error('nothing was read')
  return rate('read', count, ours, 'entries/s', ['JSON.parse of each line', parse])
}

async function grow(run: string, from: number, to: number): Promise<void> {
  const journal = await openFileJournal(run, { header })
  for (let seq = from + 1; seq <= to; seq += 5000) await journal.append(updates(seq, 5000))
  await journal.close()
}

async function withJournal(
  folder: string,
  work: (journal: FileJournal) => Promise<void>,
): Promise<void> {
  const run = join(folder, 'append')
  const journal = await openFileJournal(run, { header })
  try {
    await work(journal)
  } finally {
    await journal.close()
    await rm(run, { recursive: true })
  }
}

/** The same bytes, made before, written and synced as plainly as can be. */
function rawWrites(folder: string, batches: readonly Entry[][]): () => Promise<void> {
  const writes = batches.map((records) => Buffer.from(sealBatch(records.map(openRecord), 0).text))
  return async () => {
    const file = join(folder, 'raw')
    const handle = await open(file, 'a')
    try {
      for (const bytes of writes) {
        await handle.appendFile(bytes)
        await handle.datasync()
      }
    } finally {
      await handle.close()
      await rm(file)
    }
  }
}

function inBatches(count: number, size: number): readonly Entry[][] {
  return Array.from({ length: Math.ceil(count / size) }, (_, index) =>
    updates(index * size + 1, Math.min(size, count - index * size)),
  )
}

/** What a run has most of. */
function updates(seq: number, count: number): Entry[] {
  return Array.from({ length: count }, (_, index) => ({
    seq: seq + index,
    now: createdAt + seq + index,
    event: {
      type: 'mesos.update',
      status: {
        taskId: { value: `task-${seq + index}` },
        agentId: { value: '9bd0d0b9-3f5e-4b0e-8c0f-5a5d0a6ddf6a-S1' },
        state: 'TASK_RUNNING',
        uuid: 'kA9+tpbLTtuYVDZ5hPyLLw==',
      },
    },
  }))
}
