/**
 * A library of 2 GB that is staged: the size of its list of chunks, the memory and time that staging
 * takes, and what a version with a megabyte more in its middle has new.
 */
import { createCipheriv } from 'node:crypto'
import { open, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createChunker } from '../../../src/domain/chunks/chunker.ts'
import { chunkRuleOf } from '../../../src/domain/chunks/chunk-rule.ts'
import { createLibraryStore } from '../../../src/server/libraries/library-store.ts'
import { forgetPeak, memoryMb } from '../support/process-usage.ts'
import type { Figure } from '../support/measure.ts'

const mib = 1024 * 1024
const pieces = 2000
const sizeBytes = pieces * mib

export async function* figures(): AsyncGenerator<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-large-'))
  try {
    const path = join(folder, 'model.bin')
    await writeRandom(path)
    const store = await createLibraryStore(join(folder, 'store'))
    const before = memoryMb(process.pid).nowMb
    forgetPeak(process.pid)
    const startedAt = performance.now()
    const { chunkLists } = await store.stage([{ path, kind: 'file' }])
    const seconds = (performance.now() - startedAt) / 1000
    const grownMb = memoryMb(process.pid).peakMb - before
    const [list] = chunkLists
    const part = (100 * (list?.sizeBytes ?? Number.NaN)) / sizeBytes
    const unit = '% of the library'
    yield { case: '2 GB: list of chunks', value: part, unit, limit: { atMost: 0.1 } }
    yield { case: '2 GB: memory more while staging', value: grownMb, unit: 'MB' }
    yield { case: '2 GB: staging', value: sizeBytes / 1e6 / seconds, unit: 'MB/s' }
    yield { case: '2 GB: new in a version with 1 MB more', value: newMegabytes(), unit: 'MB' }
    await store.remove()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The same random bytes in each run, a piece at a time. */
function* randomPieces(): Generator<Buffer> {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16))
  const zeros = Buffer.alloc(mib)
  for (let piece = 0; piece < pieces; piece += 1) yield cipher.update(zeros)
}

async function writeRandom(path: string): Promise<void> {
  const file = await open(path, 'wx')
  try {
    for (const piece of randomPieces()) await file.writeFile(piece)
  } finally {
    await file.close()
  }
}

function newMegabytes(): number {
  const chunker = () => createChunker(chunkRuleOf(sizeBytes))
  const known = new Set<string>()
  const [one, other] = [chunker(), chunker()]
  let newBytes = 0
  let piece = 0
  const later: { readonly sha256: string; readonly sizeBytes: number }[] = []
  for (const bytes of randomPieces()) {
    for (const { sha256 } of one.push(bytes)) known.add(sha256)
    if (piece === pieces / 2) later.push(...other.push(Buffer.alloc(1_000_000, 'new ')))
    later.push(...other.push(bytes))
    piece += 1
  }
  for (const { sha256 } of one.end()) known.add(sha256)
  for (const chunk of [...later, ...other.end()])
    if (!known.has(chunk.sha256)) newBytes += chunk.sizeBytes
  return newBytes / 1e6
}
