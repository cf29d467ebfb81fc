import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  checkFiles,
  rejectedExitStatus,
  uncheckedExitStatus,
} from '../../../src/domain/tasks/check-command.ts'

const name = `it's -a $(touch broken) "name".sh`
const text = 'echo ran "$@"\n'
const sha256 = createHash('sha256').update(text).digest('hex')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-check-'))
  await mkdir(join(folder, 'bin'))
  await mkdir(join(folder, 'none'))
  for (const tool of ['cp', 'mv']) await symlink(`/bin/${tool}`, join(folder, 'none', tool))
})
afterAll(() => rm(folder, { recursive: true }))

function run(command: string, path = process.env['PATH'] ?? '') {
  const options = { cwd: folder, env: { PATH: path }, encoding: 'utf8' } as const
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', command], options)
  return { status, stdout, stderr }
}

describe('checkFiles', () => {
  it('runs the shipped program, as a file that only its owner may write to', async () => {
    await writeFile(join(folder, name), text)
    await chmod(join(folder, name), 0o666)
    const check = checkFiles({ programs: [{ path: name, sha256 }] })
    const ran = run(`umask 022\n${check}umask; /bin/sh ./'${name.replaceAll("'", `'\\''`)}' a b`)
    expect(ran).toEqual({ status: 0, stdout: '0022\nran a b\n', stderr: '' })
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
  })

  it.each(['programs', 'libraries'] as const)('runs nothing with other bytes: %s', async (use) => {
    await writeFile(join(folder, 'x'), `${text}# changed\n`)
    const ran = run(`${checkFiles({ [use]: [{ path: 'x', sha256 }] })}echo ran`)
    expect(ran).toMatchObject({ status: rejectedExitStatus, stdout: '' })
    expect(ran.stderr).toContain(sha256)
    expect(ran.stderr).toContain('x')
  })

  it('runs nothing without the file', async () => {
    const files = { libraries: [{ path: 'missing', sha256 }] }
    expect(run(`${checkFiles(files)}echo ran`)).toMatchObject({
      status: rejectedExitStatus,
      stdout: '',
    })
  })

  it.for(['sha256sum', 'shasum', 'openssl', 'node'])(
    'does with %s alone',
    async (tool, { skip }) => {
      const found = tool === 'node' ? process.execPath : run(`command -v ${tool}`).stdout.trim()
      if (found === '') return skip(`needs ${tool}`)
      const bin = join(folder, 'bin', tool)
      await mkdir(bin)
      await symlink(found, join(bin, tool))
      await writeFile(join(folder, 'y'), text)
      const check = (digest: string) =>
        `${checkFiles({ libraries: [{ path: 'y', sha256: digest }] })}echo ran`
      expect(run(check(sha256), bin)).toMatchObject({ status: 0, stdout: 'ran\n' })
      expect(run(check('0'.repeat(64)), bin)).toMatchObject({ status: rejectedExitStatus })
    },
  )

  it('runs nothing where nothing can check it', async () => {
    await writeFile(join(folder, 'z'), text)
    const check = checkFiles({ libraries: [{ path: 'z', sha256 }] })
    const ran = run(`${check}echo ran`, join(folder, 'none'))
    expect(ran).toMatchObject({ status: uncheckedExitStatus, stdout: '' })
    expect(ran.stderr).toContain('none of sha256sum, shasum, openssl and node is on the PATH')
    expect(ran.stderr).toContain(join(folder, 'none'))
    expect(ran.stderr).not.toContain(sha256)
  })
})
