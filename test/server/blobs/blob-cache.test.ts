import { describe, expect, it } from 'vitest'
import { createBlobCache } from '../../../src/server/blobs/blob-cache.ts'
import type { MemoryReader, StagedBlob } from '../../../src/server/blobs/blob.ts'

const blob = (name: string, sizeBytes = 10): StagedBlob => ({
  name,
  sha256: name,
  sizeBytes,
  path: '',
})

function cacheOf(budgetBytes: number) {
  const loads: string[] = []
  const cache = createBlobCache({
    budgetBytes,
    load: async ({ name, sizeBytes }) => {
      loads.push(name)
      if (name === 'bad') throw new Error('gone')
      return Buffer.alloc(sizeBytes, name)
    },
  })
  return { cache, loads }
}

async function warm(cache: ReturnType<typeof createBlobCache>, name: string, sizeBytes?: number) {
  await cache.borrow(blob(name, sizeBytes))
  return cache.borrow(blob(name, sizeBytes))
}

async function release(borrowed: Promise<MemoryReader | undefined>) {
  const reader = await borrowed
  reader?.close()
}

describe('createBlobCache', () => {
  it('loads a blob at its second request only', async () => {
    const { cache, loads } = cacheOf(100)
    expect(await cache.borrow(blob('a'))).toBeUndefined()
    expect(loads).toEqual([])
    const reader = await cache.borrow(blob('a'))
    expect(String(reader?.readAt(2, 3))).toBe('aaa')
  })

  it('loads once for simultaneous requests', async () => {
    const { cache, loads } = cacheOf(100)
    const readers = await Promise.all(Array.from({ length: 9 }, () => cache.borrow(blob('a'))))
    expect(readers.filter(Boolean)).toHaveLength(8)
    expect(loads).toEqual(['a'])
  })

  it('drops the least recently used blob first', async () => {
    const { cache, loads } = cacheOf(20)
    for (const name of ['a', 'b', 'a']) await release(warm(cache, name))
    await release(warm(cache, 'c'))
    expect(cache.heldBytes()).toBe(20)
    await release(cache.borrow(blob('a')))
    expect(loads).toEqual(['a', 'b', 'c'])
    await release(cache.borrow(blob('b')))
    expect(loads).toEqual(['a', 'b', 'c', 'b'])
  })

  it('keeps borrowed blobs and stays within its budget', async () => {
    const { cache } = cacheOf(20)
    const a = await warm(cache, 'a')
    await warm(cache, 'b')
    expect(await warm(cache, 'c')).toBeUndefined()
    a?.close()
    a?.close()
    expect(await cache.borrow(blob('c'))).toBeDefined()
    expect(cache.heldBytes()).toBe(20)
  })

  it('drops nothing for a blob that cannot fit', async () => {
    const { cache } = cacheOf(20)
    await release(warm(cache, 'a'))
    expect(await warm(cache, 'huge', 21)).toBeUndefined()
    expect(cache.heldBytes()).toBe(10)
  })

  it('forgets a blob that cannot be loaded', async () => {
    const { cache, loads } = cacheOf(20)
    expect(await warm(cache, 'bad')).toBeUndefined()
    expect(cache.heldBytes()).toBe(0)
    await cache.borrow(blob('bad'))
    expect(loads).toEqual(['bad', 'bad'])
  })

  it('holds nothing with a budget of zero', async () => {
    const { cache, loads } = cacheOf(0)
    expect(await warm(cache, 'a')).toBeUndefined()
    expect(loads).toEqual([])
  })
})
