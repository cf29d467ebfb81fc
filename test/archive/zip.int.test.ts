import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readZipDirectory } from '../../src/archive/zip-directory.ts'
import type { ZipEntry, ZipLimits } from '../../src/archive/zip-directory.ts'
import { readZipEntry } from '../../src/archive/zip-entry.ts'
import type { JarcastError } from '../../src/errors.ts'
import { makeZip } from '../support/archives/zip.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-zip-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function withZip<T>(
  bytes: Buffer,
  use: (handle: Awaited<ReturnType<typeof open>>) => Promise<T>,
): Promise<T> {
  const path = join(folder, 'a.zip')
  await writeFile(path, bytes)
  const handle = await open(path, 'r')
  try {
    return await use(handle)
  } finally {
    await handle.close()
  }
}

async function list(bytes: Buffer, limits?: ZipLimits): Promise<readonly string[]> {
  return await withZip(bytes, async (handle) => {
    return (await readZipDirectory(handle, limits)).map(({ name }) => name)
  })
}

async function readAll(bytes: Buffer, maxBytes = 1024): Promise<readonly string[]> {
  return await withZip(bytes, async (handle) => {
    const texts: string[] = []
    for (const entry of await readZipDirectory(handle)) {
      const chunks: Buffer[] = []
      for await (const chunk of readZipEntry(handle, entry, maxBytes)) chunks.push(chunk)
      texts.push(Buffer.concat(chunks).toString())
    }
    return texts
  })
}

const corrupt = (why: string) => ({
  code: 'LIBRARY_CORRUPT',
  message: expect.stringContaining(why) as string,
})
const two = [
  { name: 'a/', content: '', isStored: true },
  { name: 'a/é.txt', content: 'text' },
]

describe('readZipDirectory', () => {
  it('lists entries of plain, prefixed, commented and zip64 archives', async () => {
    const prefix = Buffer.from('#!/bin/sh\nexec java -jar "$0"\n')
    const comment = 'PK\u0005\u0006 is how a directory ends'
    for (const shape of [
      {},
      { prefix },
      { comment },
      { isZip64: true },
      { prefix, isZip64: true },
    ]) {
      expect(await list(makeZip(two, shape))).toEqual(['a/', 'a/é.txt'])
      expect(await readAll(makeZip(two, shape))).toEqual(['', 'text'])
    }
    expect(await list(makeZip([]))).toEqual([])
  })

  it('refuses other files and incomplete archives', async () => {
    const zip = makeZip(two)
    await expect(list(Buffer.from('no zip at all, but some text'))).rejects.toMatchObject(
      corrupt('no end'),
    )
    await expect(list(Buffer.alloc(0))).rejects.toMatchObject(corrupt('no end'))
    await expect(list(zip.subarray(0, -1))).rejects.toMatchObject(corrupt('no end'))
    await expect(list(zip.subarray(60))).rejects.toMatchObject({ code: 'LIBRARY_CORRUPT' })
    await expect(list(makeZip(two, { entries: 3 }))).rejects.toMatchObject(corrupt('broken'))
  })

  it('keeps to its limits', async () => {
    await expect(list(makeZip(two), { maxEntries: 1 })).rejects.toMatchObject(
      corrupt('more than 1'),
    )
    await expect(list(makeZip(two), { maxNameBytes: 3 })).rejects.toMatchObject(
      corrupt('a name of'),
    )
    await expect(list(makeZip(two), { maxDirectoryBytes: 50 })).rejects.toMatchObject(
      corrupt('a directory over'),
    )
  })

  it('allocates no memory for false sizes', async () => {
    const claimed = makeZip(two, { isZip64: true, entries: 2 ** 40 })
    await expect(list(claimed)).rejects.toMatchObject(corrupt('more than'))
  })

  it('reads entries or throws LIBRARY_CORRUPT after any damage', async () => {
    const whole = makeZip([...two, { name: 'b', content: 'x'.repeat(300) }], { isZip64: true })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (damages) => {
          const bytes = Buffer.from(whole)
          for (const [at, value] of damages) bytes[at] = value
          const error = await readAll(bytes).then(
            () => undefined,
            (reason: unknown) => reason,
          )
          if (error !== undefined) expect((error as JarcastError).code).toBe('LIBRARY_CORRUPT')
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('readZipEntry', () => {
  it('reads entries in turn, also after an abandoned one', async () => {
    const members = ['a', 'b', 'c'].map((name) => ({ name, content: name.repeat(600_000) }))
    await withZip(makeZip(members), async (handle) => {
      const [first, ...others] = await readZipDirectory(handle)
      for await (const chunk of readZipEntry(handle, first as ZipEntry, Infinity)) {
        expect(chunk[0]).toBe(0x61)
        break
      }
      for (const entry of others) {
        let size = 0
        for await (const chunk of readZipEntry(handle, entry, Infinity)) size += chunk.length
        expect(size).toBe(600_000)
      }
    })
  })

  it('refuses content that differs from the directory', async () => {
    const content = 'x'.repeat(500)
    const wrong = (member: object) => readAll(makeZip([{ name: 'a', content, ...member }]))
    await expect(wrong({ sizeBytes: 499 })).rejects.toMatchObject(corrupt('more than 499'))
    await expect(wrong({ sizeBytes: 501 })).rejects.toMatchObject(
      corrupt('another size or checksum'),
    )
    await expect(wrong({ crc32: 1 })).rejects.toMatchObject(corrupt('another size or checksum'))
    await expect(wrong({ flags: 1 })).rejects.toMatchObject(corrupt('encrypted'))
    await expect(wrong({ method: 12 })).rejects.toMatchObject(corrupt('method 12'))
    await expect(wrong({ method: 0 })).rejects.toMatchObject(corrupt('another size or checksum'))
    await expect(wrong({ offset: 7 })).rejects.toMatchObject(corrupt('no header at'))
    await expect(wrong({ isStored: true, method: 8 })).rejects.toMatchObject(corrupt('be read'))
  })

  it('stops at the first byte beyond the limit', async () => {
    const bomb = makeZip([{ name: 'bomb', content: Buffer.alloc(50 * 1024 * 1024) }])
    await expect(readAll(bomb, 1000)).rejects.toMatchObject(corrupt('more than 1000'))
  })
})
