import { lutimes, mkdir, mkdtemp, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createLeaseWaiter,
  createOwner,
  readLease,
} from '../../../../src/executor/libraries/cache/lease.ts'
import type { CacheLease, LeaseWaiter } from '../../../../src/executor/libraries/cache/lease.ts'
import { formatIdentity, thisProcess } from '../../../../src/leases/process-identity.ts'

const leaseMs = 15_000
/** An owner in another container, whose end is invisible. */
const elsewhere = `${formatIdentity({ ...thisProcess(), host: 'elsewhere' })}.0123456789ab`

let folder: string
let path: string
let nowMs: number
let waiter: LeaseWaiter

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lease-'))
  path = join(folder, 'x.lease')
  nowMs = 1000
  waiter = createLeaseWaiter(path, () => nowMs)
})
afterEach(() => rm(folder, { recursive: true }))

const take = (): Promise<CacheLease | undefined> =>
  waiter.take({ owner: createOwner(), sizeBytes: 1 })

async function leaseAt(time: string): Promise<void> {
  await symlink(`7:${elsewhere}`, path)
  await lutimes(path, new Date(time), new Date(time))
}

describe('a lease that is not renewed', () => {
  it.each(['2090-01-01', '1971-01-01'])(
    'with the time stamp %s is taken after the timeout',
    async (time) => {
      await leaseAt(time)
      expect(await take()).toBeUndefined()
      nowMs += leaseMs - 1
      expect(await take()).toBeUndefined()
      nowMs += 1
      const lease = await take()
      expect((await readLease(path))?.sizeBytes).toBe(1)
      await lease?.release()
      expect(await readLease(path)).toBeUndefined()
    },
  )

  it.each([
    ['a folder', () => mkdir(path)],
    ['a file', () => writeFile(path, '')],
    ['a link of somebody else', () => symlink('nonsense', path)],
  ])('is also removed if it is %s', async (_, make) => {
    await make()
    expect(await take()).toBeUndefined()
    nowMs += leaseMs
    const lease = await take()
    expect(lease).toBeDefined()
    await lease?.release()
  })
})

describe('a lease that is renewed', () => {
  it('stays, with any clock of its holder', async () => {
    await leaseAt('2090-01-01')
    for (const time of ['2091-01-01', '1971-01-01', '2026-01-01']) {
      expect(await take()).toBeUndefined()
      nowMs += leaseMs
      await lutimes(path, new Date(time), new Date(time))
    }
    expect(await take()).toBeUndefined()
    expect(await readlink(path)).toBe(`7:${elsewhere}`)
  })
})

describe('a lease of a dead process', () => {
  it('is taken at once', async () => {
    const dead = `${formatIdentity({ ...thisProcess(), started: 1 })}.0123456789ab`
    await symlink(`7:${dead}`, path)
    await (await take())?.release()
    expect(await readLease(path)).toBeUndefined()
  })
})
