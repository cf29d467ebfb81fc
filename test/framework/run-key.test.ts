import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRunKey } from '../../src/framework/run-key.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'jarcast-key-'))))
afterEach(() => rmSync(folder, { recursive: true }))

describe('openRunKey', () => {
  it('makes a key that only its owner may read, and finds it again', () => {
    const key = openRunKey(folder)
    expect(key.secret).toHaveLength(32)
    expect(readdirSync(folder)).toEqual(['key'])
    expect(statSync(join(folder, 'key')).mode & 0o777).toBe(0o600)
    expect(openRunKey(folder)).toEqual(key)
  })

  it('leaves nothing of a key whose writing was never finished', () => {
    writeFileSync(join(folder, 'key.tmp'), '{"secret":"', { mode: 0o644 })
    const key = openRunKey(folder)
    expect(readdirSync(folder)).toEqual(['key'])
    expect(statSync(join(folder, 'key')).mode & 0o777).toBe(0o600)
    expect(openRunKey(folder)).toEqual(key)
  })

  it.each([0o644, 0o640, 0o620])('refuses a key that others may use: %o', (mode) => {
    const key = openRunKey(folder)
    chmodSync(join(folder, 'key'), mode)
    expect(() => openRunKey(folder)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining('chmod 600'),
      }),
    )
    chmodSync(join(folder, 'key'), 0o600)
    expect(openRunKey(folder)).toEqual(key)
  })

  it('makes another for each run without a journal', () => {
    expect(openRunKey(undefined).secret.equals(openRunKey(undefined).secret)).toBe(false)
  })

  it.each(['', '{}', '{"secret":"AAAA","createdMs":1}', 'null'])(
    'refuses a file that is no key: %j',
    (text) => {
      writeFileSync(join(folder, 'key'), text, { mode: 0o600 })
      expect(() => openRunKey(folder)).toThrow(
        expect.objectContaining({
          code: 'CONFIG_INVALID',
          message: expect.stringContaining(join(folder, 'key')),
        }),
      )
      expect(readFileSync(join(folder, 'key'), 'utf8')).toBe(text)
    },
  )
})
