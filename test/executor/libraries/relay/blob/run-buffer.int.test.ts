import { existsSync } from 'node:fs'
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRunBuffer } from '../../../../../src/executor/libraries/relay/blob/run-buffer.ts'

const runBytes = 300_000

let folder: string
let file: FileHandle

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-buffer-'))
  await writeFile(join(folder, 'file'), '')
  file = await open(join(folder, 'file'), 'r+')
})
afterEach(async () => {
  await file.close()
  await rm(folder, { recursive: true })
})

const run = (index: number): Buffer => Buffer.alloc(runBytes, index)

describe('createRunBuffer', () => {
  it('writes runs at their offsets, in any order', async () => {
    const buffer = createRunBuffer(file, () => undefined)
    const order = [3, 0, 2, 1, 5, 4]
    for (const index of order) await buffer.write(index * runBytes, run(index))
    await buffer.flush()
    const written = await readFile(join(folder, 'file'))
    expect(
      written.equals(Buffer.concat(order.toSorted((one, other) => one - other).map(run))),
    ).toBe(true)
  })

  it('has all bytes that are not in the file yet, and a bounded rest', async () => {
    const buffer = createRunBuffer(file, () => undefined)
    for (let index = 0; index < 40; index += 1) await buffer.write(index * runBytes, run(index))
    expect(buffer.find(39 * runBytes)).toEqual(run(39))
    await buffer.flush()
    const kept = Array.from({ length: 40 }, (_, index) => buffer.find(index * runBytes)).filter(
      Boolean,
    )
    expect(kept.length * runBytes).toBeLessThanOrEqual(4 * 1024 * 1024)
  })

  it('reports a full disk at once', async ({ skip }) => {
    if (!existsSync('/dev/full')) {
      console.log('skipped: needs /dev/full, which Linux has')
      skip()
    }
    const full = await open('/dev/full', 'r+')
    try {
      const told = new Promise<unknown>((resolve) => {
        const buffer = createRunBuffer(full, resolve)
        void (async () => {
          for (let index = 0; index < 8; index += 1)
            await buffer.write(index * runBytes, run(index))
        })()
      })
      expect(await told).toMatchObject({ code: 'ENOSPC' })
    } finally {
      await full.close()
    }
  })
})
