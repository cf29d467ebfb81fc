import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create, list } from 'tar'
import { describe, expect, it, onTestFinished } from 'vitest'
import { reproducible } from '../../src/archive/reproducible-tar.ts'

/** Packs a file and a program with these modes; returns the path of the archive. */
async function pack(fileMode: number, programMode: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-test-tar-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, mode] of Object.entries({ file: fileMode, program: programMode })) {
    await writeFile(join(folder, name), name)
    await chmod(join(folder, name), mode)
  }
  const file = join(folder, 'packed.tgz')
  await create({ ...reproducible, cwd: folder, file }, ['file', 'program'])
  return file
}

describe('reproducible', () => {
  it('gives the same bytes under each umask', async () => {
    const one = await pack(0o644, 0o755)
    const other = await pack(0o600, 0o700)
    expect(await readFile(other)).toEqual(await readFile(one))
    const modes: (number | undefined)[] = []
    await list({ file: one, onReadEntry: ({ mode }) => modes.push(mode) })
    expect(modes).toEqual([0o644, 0o755])
  })
})
