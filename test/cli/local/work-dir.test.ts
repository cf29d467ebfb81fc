import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeWorkDir } from '../../../src/cli/local/work-dir.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jarcast-test-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('makeWorkDir', () => {
  it('makes the folders above it too, once', () => {
    const path = join(folder, 'one', 'two')
    makeWorkDir(path)
    makeWorkDir(path)
    expect(statSync(path).isDirectory()).toBe(true)
  })

  it('refuses a folder that cannot be made', () => {
    writeFileSync(join(folder, 'file'), '')
    for (const path of [join(folder, 'file'), join(folder, 'file', 'below'), '/proc/jarcast/x']) {
      expect(() => makeWorkDir(path)).toThrow(/^the work folder .* give another with --work-dir$/)
    }
  })
})
