import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openPayloads } from '../../src/journal/payloads.ts'
import { temporaryFolder } from './journal-folder.ts'

describe('openPayloads', () => {
  it('gives back what was put, to its owner only, and once for equal bytes', async () => {
    const folder = temporaryFolder()
    const bytes = Buffer.alloc(100_000, 7)
    const [one, two] = await Promise.all([
      openPayloads(folder).put(bytes),
      openPayloads(folder).put(bytes),
    ])
    expect(two).toBe(one)
    expect(openPayloads(folder).get(one)?.equals(bytes)).toBe(true)
    expect(readdirSync(join(folder, 'payloads'))).toEqual([one])
    expect(statSync(join(folder, 'payloads')).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, 'payloads', one)).mode & 0o777).toBe(0o600)
  })

  it('knows nothing of what is gone, changed, or no digest', async () => {
    const folder = temporaryFolder()
    const payloads = openPayloads(folder)
    const sha256 = await payloads.put(Buffer.from('a'))
    writeFileSync(join(folder, 'payloads', sha256), 'b')
    expect(payloads.get(sha256)).toBeUndefined()
    expect(payloads.get('0'.repeat(64))).toBeUndefined()
    expect(payloads.get('../../etc/passwd')).toBeUndefined()
  })
})
