import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { chunkRuleOf } from '../../../../src/domain/chunks/chunk-rule.ts'
import { createChunker } from '../../../../src/domain/chunks/chunker.ts'
import { createChunkIndex } from '../../../../src/executor/libraries/delta/chunk-index.ts'

const mib = 1024 * 1024

/** Bytes that look random and are the same each time. */
function noise(sizeBytes: number): Buffer {
  const blocks = Array.from({ length: sizeBytes / 32 }, (_, index) =>
    createHash('sha256').update(String(index)).digest(),
  )
  return Buffer.concat(blocks)
}

describe('createChunkIndex', () => {
  it('finds what a version of a larger class shares with one of a smaller class', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jarcast-test-index-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const older = noise(4 * mib)
    await writeFile(join(folder, 'older'), older)
    // As of a library that has grown above 256 MiB.
    const rule = chunkRuleOf(300 * mib)
    const chunker = createChunker(rule)
    const newer = Buffer.concat([
      older.subarray(0, 3 * mib),
      Buffer.from('new'),
      older.subarray(3 * mib),
    ])
    const chunks = [...chunker.push(newer), ...chunker.end()]
    const index = createChunkIndex(rule)
    onTestFinished(() => index.close())
    await index.add(join(folder, 'missing'))
    execFileSync('/bin/sh', ['-c', 'mkfifo "$1"', 'sh', join(folder, 'pipe')])
    await index.add(join(folder, 'pipe'))
    await index.add(join(folder, 'older'))
    const fresh = chunks.filter((chunk) => index.find(chunk) === undefined)
    expect(chunks.length).toBeGreaterThan(40)
    expect(fresh.length).toBeGreaterThan(0)
    expect(fresh.length).toBeLessThan(4)
    expect(chunks[0] && index.find(chunks[0])?.offset).toBe(0)
    expect(chunks[1] && index.find(chunks[1])?.offset).toBe(chunks[0]?.sizeBytes)
  })
})
