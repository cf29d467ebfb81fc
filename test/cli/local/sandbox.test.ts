import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readOutputTail } from '../../../src/cli/local/sandbox.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jarcast-test-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('readOutputTail', () => {
  it('gives the end, and nothing of the dropped part', () => {
    writeFileSync(join(folder, 'stderr'), `${'x'.repeat(5000)}\n\u001b[1mlast\n`)
    expect(readOutputTail(folder, 'stderr')).toMatch(/^x{4000,4096}\nlast$/)
    expect(readOutputTail(join(folder, 'gone'), 'stderr')).toBe('')
  })
})
