import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copyOutput, findTaskOutput, readOutputTail } from '../../../src/cli/local/sandbox.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jarcast-test-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

async function copied(target: PassThrough & { isTTY?: boolean }): Promise<string> {
  const all = text(target)
  await copyOutput(folder, 'stdout', target)
  target.end()
  return await all
}

describe('copyOutput', () => {
  it('copies all of it, byte by byte', async () => {
    const long = 'ä\u001b[31m\n'.repeat(50_000)
    writeFileSync(join(folder, 'stdout'), long)
    expect(await copied(new PassThrough())).toBe(long)
  })

  it('keeps a terminal from being steered', async () => {
    writeFileSync(join(folder, 'stdout'), 'ä\u001b[31mred\u0007\n')
    expect(await copied(Object.assign(new PassThrough(), { isTTY: true }))).toBe('äred\n')
  })

  it('copies nothing of a missing file', async () => {
    expect(await copied(new PassThrough())).toBe('')
  })
})

describe('readOutputTail', () => {
  it('gives the end, and nothing of the dropped part', () => {
    writeFileSync(join(folder, 'stderr'), `${'x'.repeat(5000)}\n\u001b[1mlast\n`)
    expect(readOutputTail(folder, 'stderr')).toMatch(/^x{4000,4096}\nlast$/)
    expect(readOutputTail(join(folder, 'gone'), 'stderr')).toBe('')
  })
})

describe('findTaskOutput', () => {
  it('is the folder of the task, or that of its own executor', () => {
    mkdirSync(join(folder, 'tasks', 'a%20b'), { recursive: true })
    const executorId = 'jarcast-1'
    expect(findTaskOutput(folder, { launchId: 'a b', executorId })).toBe(
      join(folder, 'tasks', 'a%20b'),
    )
    expect(findTaskOutput(folder, { launchId: 'other', executorId })).toBeUndefined()
    expect(findTaskOutput(folder, { launchId: 'c', executorId: 'c' })).toBe(folder)
  })
})
