import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFileCache } from '../../../../src/coordinates/http/file-cache.ts'
import type { FileCache } from '../../../../src/coordinates/http/file-cache.ts'
import {
  CheckedLibraries,
  digestLibrary,
} from '../../../../src/coordinates/maven/repositories/checked-libraries.ts'

const repository = {
  id: 'site',
  url: new URL('https://site.test/'),
  hasReleases: true,
  hasSnapshots: false,
  headers: {},
  proxy: undefined,
  cacheKey: 'site-1',
}
const path = 'g/a/1/a-1.jar'

let folder: string
let cache: FileCache

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jarcast-checked-'))
  cache = createFileCache(folder)
  await cache.put(repository.cacheKey, path, async (temporary) => {
    await writeFile(temporary, 'jar')
    const library = await digestLibrary(temporary, false)
    await new CheckedLibraries(cache).keep(repository, path, library)
  })
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('CheckedLibraries', () => {
  it('finds a library after its check', async () => {
    const libraries = new CheckedLibraries(cache)
    expect(libraries.find(repository, path)).toBeUndefined()
    expect(await libraries.isIntact(repository, path)).toBe(true)
    expect(libraries.find(repository, path)).toMatchObject({ sizeBytes: 3, hasChecksum: false })
  })

  it('detects a changed library', async () => {
    await writeFile(cache.pathOf(repository.cacheKey, path), 'war')
    expect(await new CheckedLibraries(cache).isIntact(repository, path)).toBe(false)
  })

  it('counts a library without its digest as damaged', async () => {
    rmSync(cache.pathOf(repository.cacheKey, `${path}.checked`))
    expect(await new CheckedLibraries(cache).isIntact(repository, path)).toBe(false)
  })
})
