import { describe, expect, it } from 'vitest'
import { createLibrarySet } from '../../../src/domain/libraries/library.ts'
import type { StagedBlob } from '../../../src/server/blobs/blob.ts'
import { BlobTable } from '../../../src/server/libraries/blob-table.ts'
import type { StagedLibraries } from '../../../src/server/libraries/library-store.ts'

function blob(name: string, digit: string): StagedBlob {
  return { name, sha256: digit.repeat(64), sizeBytes: 1, path: `/store/${digit}` }
}

function staged(...blobs: readonly StagedBlob[]): StagedLibraries {
  const libraries = blobs.map(({ name, sha256, sizeBytes }) => ({
    name,
    sha256,
    sizeBytes,
    kind: 'file' as const,
  }))
  return { set: createLibrarySet(libraries), blobs, chunkLists: [] }
}

const [a, b, program] = [blob('a.jar', 'a'), blob('b.jar', 'b'), blob('program.mjs', 'c')]

describe('BlobTable', () => {
  it('finds the libraries, the manifest and seed names of a set', () => {
    const table = new BlobTable()
    const manifest = table.addSet(staged(a))
    expect(table.find(`/blobs/${a.sha256}/a.jar`)?.blob).toBe(a)
    expect(table.find('/0_a.jar')?.blob).toBe(a)
    expect(table.find(manifest)).toMatchObject({ isUrgent: true })
    expect(table.find('/store/a')).toBe(undefined)
  })

  it('removes only the blobs that no other set needs', () => {
    const table = new BlobTable()
    const old = staged(a, b)
    table.addSet(old)
    table.addSet(staged(b))
    expect(table.removeSet(old.set.id)).toEqual([a])
    expect(table.find(`/blobs/${a.sha256}/a.jar`)).toBe(undefined)
    expect(table.find(`/blobs/${b.sha256}/b.jar`)?.blob).toBe(b)
    expect(() => table.pathOf('a.jar')).toThrow(
      expect.objectContaining({ code: 'LIBRARY_NOT_FOUND' }),
    )
  })

  it('keeps the set added last, even if it was added before', () => {
    const table = new BlobTable()
    const [first, second] = [staged(a), staged(b)]
    for (const each of [first, second, first]) table.addSet(each)
    expect(table.removeSet(first.set.id)).toEqual([])
    expect(table.sets()).toEqual([second.set, first.set])
  })

  it('keeps a public file public when a library has the same bytes', () => {
    const table = new BlobTable()
    table.addPublic(program)
    table.addSet(staged(program))
    expect(table.isPublic(`/blobs/${program.sha256}/program.mjs`)).toBe(true)
  })

  it('tells the files of one set from those of another', () => {
    const table = new BlobTable()
    const [first, second] = [staged(a), staged(b)]
    for (const each of [first, second]) table.addSet(each)
    expect(table.isOfSet(first.set.id, `/blobs/${a.sha256}/a.jar`)).toBe(true)
    expect(table.isOfSet(first.set.id, `/blobs/${b.sha256}/b.jar`)).toBe(false)
    expect(table.isOfSet(first.set.id, `/sets/${second.set.id}.json`)).toBe(false)
  })
})
