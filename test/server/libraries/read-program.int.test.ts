import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { create } from 'tar'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkLibraries } from '../../../src/server/libraries/library-check.ts'
import { readProgram } from '../../../src/server/libraries/read-program.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-program-'))
})
afterEach(() => rm(folder, { recursive: true }))

function elf(machine: number, loader: string): Buffer {
  const bytes = Buffer.alloc(20_000)
  bytes.write('\u007fELF\u0002\u0001', 'latin1')
  bytes.writeUInt16LE(machine, 18)
  bytes.write(loader, 700)
  return bytes
}

async function pack(path: string, content: Buffer | string): Promise<string> {
  await mkdir(join(folder, dirname(path)), { recursive: true })
  await writeFile(join(folder, path), content)
  const file = join(folder, 'runtime.tar.gz')
  await create({ cwd: folder, file, gzip: true }, [path.split('/')[0] ?? path])
  return file
}

describe('readProgram', () => {
  it.each([
    [62, '/lib64/ld-linux-x86-64.so.2', 'linux-x64'],
    [183, '/lib/ld-linux-aarch64.so.1', 'linux-arm64'],
    [62, '/lib/ld-musl-x86_64.so.1', 'linux-x64-musl'],
    [183, '/lib/ld-musl-aarch64.so.1', 'linux-arm64-musl'],
  ])('tells machine %i with %s', async (machine, loader, platform) => {
    const program = elf(machine, loader)
    const sha256 = createHash('sha256').update(program).digest('hex')
    const file = await pack('jdk-21/bin/java', program)
    expect(await readProgram(file, 'java')).toMatchObject({
      platform,
      member: 'jdk-21/bin/java',
      sha256,
    })
  })

  it('makes a library with the platform of a JRE', async () => {
    const path = await pack('bin/java', elf(62, '/lib64/ld-linux-x86-64.so.2'))
    expect(await checkLibraries([{ path, kind: 'jre' }])).toMatchObject([
      { kind: 'jre', platform: 'linux-x64' },
    ])
  })

  it.each([
    ['bin/node', elf(62, ''), /has no bin\/java/],
    ['a/b/bin/java', elf(62, ''), /has no bin\/java/],
    ['bin/java', elf(8, ''), /for another system than Linux on x64 or arm64/],
    ['bin/java', '#!/bin/sh\n', /for another system/],
  ])('refuses %s', async (path, content, message) => {
    const file = await pack(path, content)
    const error = { code: 'CONFIG_INVALID', message: expect.stringMatching(message) as unknown }
    await expect(readProgram(file, 'java')).rejects.toMatchObject(error)
  })

  it('refuses what is no archive', async () => {
    await writeFile(join(folder, 'x'), 'text')
    await expect(readProgram(join(folder, 'x'), 'node')).rejects.toThrow(/x cannot be read: /)
  })
})
