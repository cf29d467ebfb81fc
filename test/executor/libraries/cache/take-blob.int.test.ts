import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openHostCache } from '../../../../src/executor/libraries/cache/host-cache.ts'
import type { HostCache } from '../../../../src/executor/libraries/cache/host-cache.ts'

const bytes = Buffer.from('a manifest')
const sha256 = createHash('sha256').update(bytes).digest('hex')

let folder: string
let blob: string
let cache: HostCache

const openCache = (maxMb?: string): Promise<HostCache> =>
  openHostCache({ folder: join(folder, 'cache'), privateFolder: join(folder, 'own'), maxMb })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'take-blob-'))
  blob = join(folder, 'cache/sha256', sha256)
  cache = await openCache()
})
afterEach(async () => {
  await cache.close()
  await rm(folder, { recursive: true })
})

const read = async (maxBytes = bytes.length): Promise<string | undefined> =>
  (await cache.read(sha256, maxBytes))?.toString()

const places: Readonly<Record<string, () => Promise<unknown>>> = {
  nothing: async () => undefined,
  'other bytes': () => writeFile(blob, 'b manifest'),
  'fewer bytes': () => writeFile(blob, ''),
  // Even to the right bytes.
  'a link': async () => {
    await writeFile(join(folder, 'elsewhere'), bytes)
    await symlink(join(folder, 'elsewhere'), blob)
  },
  'a pipe': () => promisify(execFile)('mkfifo', [blob]),
}

describe('a small blob of the host cache', () => {
  it('is read up to a size', async () => {
    await cache.keep(bytes, sha256)
    expect(await read()).toBe('a manifest')
    expect(await read(bytes.length - 1)).toBeUndefined()
  })

  it.each(Object.entries(places))('is kept in place of %s, which is not read', async (_, put) => {
    await put()
    expect(await read()).toBeUndefined()
    await cache.keep(bytes, sha256)
    expect(await read()).toBe('a manifest')
  })

  it('is not kept beyond the budget', async () => {
    const small = await openCache('0')
    onTestFinished(() => small.close())
    await small.keep(bytes, sha256)
    expect(await read()).toBeUndefined()
  })

  it('is not read from a folder', async () => {
    await mkdir(blob)
    expect(await read()).toBeUndefined()
    await expect(cache.keep(bytes, sha256)).rejects.toMatchObject({ code: 'FILE_UNUSABLE' })
  })
})
