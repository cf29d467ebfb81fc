import { existsSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import {
  removeTemporaryFolders,
  withTemporaryFolder,
} from '../../../src/cli/process/temporary-folder.ts'

const before = process.env['TMPDIR']

afterEach(() => {
  if (before === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = before
})

describe('withTemporaryFolder', () => {
  it('removes everything below it, also after a failure', async () => {
    let made = ''
    const run = withTemporaryFolder(async () => {
      made = await mkdtemp(join(tmpdir(), 'some-'))
      await writeFile(join(made, 'file'), '')
      throw new Error('no luck')
    })
    await expect(run).rejects.toThrow('no luck')
    expect(made).not.toBe('')
    expect(existsSync(made)).toBe(false)
    expect(process.env['TMPDIR']).toBe(before)
  })

  it('names TMPDIR when it is no folder', async () => {
    process.env['TMPDIR'] = '/no/such'
    const run = withTemporaryFolder(() => Promise.resolve())
    await expect(run).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('set TMPDIR to a folder'),
    })
  })
})

describe('removeTemporaryFolders', () => {
  it('removes at once what is in use', async () => {
    await withTemporaryFolder(async () => {
      const made = await mkdtemp(join(tmpdir(), 'some-'))
      removeTemporaryFolders()
      expect(existsSync(made)).toBe(false)
    })
  })
})
