import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create } from 'tar'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hasTool, pathOf } from '../../../scripts/support/machine.mjs'
import {
  platforms,
  requestExitStatus,
  requestedPlatform,
  runtimeMissingExitStatus,
  runtimeUnusableExitStatus,
} from '../../../src/domain/runtimes/platforms.ts'
import { rejectedExitStatus } from '../../../src/domain/tasks/check-command.ts'
import { startNode } from '../../../src/domain/tasks/start-node.ts'
import type { StartNodeOptions } from '../../../src/domain/tasks/start-node.ts'

const tools = ['cp', 'mv', 'rm', 'mkdir', 'chmod', 'tar', 'gzip', 'sha256sum', 'id', 'cat']
const shipped = '#!/bin/sh\n[ "$1" = --version ] && echo v24.1.0 && exit\necho "shipped ran $1"\n'
const archive = 'node-24.1.0.tgz'
const isGlibc = process.arch === 'x64' || process.arch === 'arm64'
const here = process.arch === 'arm64' ? 'linux-arm64' : 'linux-x64'
let folder: string
let sandbox: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-start-'))
  sandbox = join(folder, "sand box's")
  for (const name of ['bin', 'cache']) await mkdir(join(folder, name))
  await mkdir(sandbox)
  for (const tool of tools) await symlink(locate(tool), join(folder, 'bin', tool))
  await addProgram('uname', `[ "$1" = -m ] && echo ${here === 'linux-x64' ? 'x86_64' : 'aarch64'}`)
  await writeFile(join(sandbox, 'executor.mjs'), '')
})
afterEach(() => rm(folder, { recursive: true }))

function locate(tool: string): string {
  return spawnSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim()
}

async function addProgram(name: string, script: string): Promise<void> {
  const file = join(folder, 'bin', name)
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
}

async function bring(program = shipped): Promise<void> {
  await mkdir(join(folder, 'package/bin'), { recursive: true })
  await writeFile(join(folder, 'package/bin/node'), program)
  await create({ cwd: folder, file: join(sandbox, archive), gzip: true }, ['package'])
}

const build = {
  platform: here,
  version: '24.1.0',
  sha256: createHash('sha256').update(shipped).digest('hex'),
  member: 'package/bin/node',
} as const
const brought = { platform: here, archive } as const

function start(options: Partial<StartNodeOptions> = {}, env: Record<string, string> = {}) {
  const all = { node: 'node', usesOwn: true, builds: [build], ...options }
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', startNode('executor.mjs', all)], {
    cwd: sandbox,
    env: { PATH: join(folder, 'bin'), JARCAST_CACHE_DIR: join(folder, 'cache'), ...env },
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

const own = (version: string) =>
  `[ "$1" = --version ] && echo ${version} && exit; echo "own ran $1"`

describe('startNode', () => {
  it.each(['v20.19.0', 'v20.20.1', 'v22.0.0', 'v100.1.2'])('uses its own Node.js %s', async (v) => {
    await addProgram('node', own(v))
    expect(start()).toEqual({ status: 0, stdout: 'own ran executor.mjs\n', stderr: '' })
  })

  it.skipIf(!isGlibc).each(['v20.18.9', 'v18.20.0', 'v8.0.0', 'nonsense', ''])(
    'asks for one where its own is %s',
    async (version) => {
      await addProgram('node', own(version))
      expect(start()).toMatchObject({ status: requestExitStatus(here), stdout: '' })
    },
  )

  it.skipIf(!isGlibc)('uses the one that was brought, and keeps it for the host', async () => {
    await bring()
    expect(start({ brought })).toEqual({
      status: 0,
      stdout: 'shipped ran executor.mjs\n',
      stderr: '',
    })
    const kept = join(folder, 'cache/runtimes', build.sha256)
    expect(await readFile(kept, 'utf8')).toBe(shipped)
    await rm(join(sandbox, '.jarcast'), { recursive: true })
    expect(start()).toMatchObject({ status: 0, stdout: 'shipped ran executor.mjs\n' })
    // A task of another executor may have changed it.
    await chmod(kept, 0o700)
    await writeFile(kept, `${shipped}# changed\n`)
    expect(start()).toMatchObject({ status: requestExitStatus(here), stdout: '' })
    await bring()
    expect(start({ brought })).toMatchObject({ status: 0 })
    expect(await readFile(kept, 'utf8')).toBe(shipped)
  })

  it.skipIf(!isGlibc)('uses a shipped one although its own fits, if told so', async () => {
    await addProgram('node', own('v24.0.0'))
    await bring()
    expect(start({ brought, usesOwn: false }).stdout).toBe('shipped ran executor.mjs\n')
  })

  it.skipIf(!isGlibc)('runs nothing with other bytes', async () => {
    await bring(`${shipped}# changed\n`)
    const { status, stdout, stderr } = start({ brought })
    expect({ status, stdout }).toEqual({ status: rejectedExitStatus, stdout: '' })
    expect(stderr).toContain(build.sha256)
    expect(start().status).toBe(requestExitStatus(here))
  })

  it.skipIf(!isGlibc)('tells why the shipped one does not start', async () => {
    const broken = '#!/bin/sh\necho "libstdc++.so.6: cannot open" >&2; exit 127\n'
    const sha256 = createHash('sha256').update(broken).digest('hex')
    await bring(broken)
    const { status, stderr } = start({ brought, builds: [{ ...build, sha256 }] })
    expect(status).toBe(runtimeUnusableExitStatus)
    expect(stderr).toMatch(/libstdc\+\+\.so\.6: cannot open[^]*glibc 2\.28/)
  })

  it('tells which platform has no build', async () => {
    await addProgram('uname', 'echo mips')
    const { status, stderr } = start()
    expect(status).toBe(runtimeMissingExitStatus)
    expect(stderr).toContain('no Node.js 20.19 or newer')
    expect(start({ builds: [] }).status).toBe(runtimeMissingExitStatus)
  })

  it('works without a folder for the host', async () => {
    await bring()
    await writeFile(join(folder, 'file'), '')
    const ran = start({ brought }, { JARCAST_CACHE_DIR: join(folder, 'file') })
    expect(ran).toEqual({ status: 0, stdout: 'shipped ran executor.mjs\n', stderr: '' })
  })
})

/** A folder as the root of a host with musl and BusyBox, such as Alpine. */
async function makeMuslRoot(): Promise<string> {
  const root = join(folder, 'root')
  for (const name of ['bin', 'dev', 'lib', 'tmp', 'sandbox'])
    await mkdir(join(root, name), { recursive: true })
  await copyFile(locate('busybox'), join(root, 'bin/busybox'))
  for (const name of ['sh', 'uname', ...tools]) await symlink('busybox', join(root, 'bin', name))
  for (const name of ['dev/null', 'lib/ld-musl-x86_64.so.1']) await writeFile(join(root, name), '')
  return root
}

const canChroot =
  process.arch === 'x64' &&
  hasTool('busybox') &&
  spawnSync(pathOf('chroot') ?? '', ['/', '/bin/true']).status === 0

describe.skipIf(!canChroot)('startNode on a host with musl', () => {
  const musl = { ...build, platform: 'linux-x64-musl' } as const

  function startThere(root: string, options: Partial<StartNodeOptions>) {
    const all = { node: 'node', usesOwn: true, builds: [build], ...options }
    const script = `cd /sandbox\n${startNode('executor.mjs', all)}`
    const env = { PATH: '/bin' }
    return spawnSync(locate('chroot'), [root, '/bin/sh', '-c', script], { env, encoding: 'utf8' })
  }

  it('says which platform it has, and what to do, where only builds for glibc can be shipped', async () => {
    const { status, stderr } = startThere(await makeMuslRoot(), {})
    expect(requestedPlatform(status ?? 0)).toBe('linux-x64-musl')
    expect(stderr).toMatch(
      /linux-x64-musl\) has no Node\.js .* ship one with --runtime node=ARCHIVE/,
    )
  })

  it('asks for the build for musl that the user gave, and runs it', async () => {
    const root = await makeMuslRoot()
    const asked = startThere(root, { builds: [build, musl] })
    expect(requestedPlatform(asked.status ?? 0)).toBe('linux-x64-musl')
    expect(asked.stderr).toBe('')
    await bring()
    await copyFile(join(sandbox, archive), join(root, 'sandbox', archive))
    const ran = startThere(root, { builds: [musl], brought: { platform: musl.platform, archive } })
    expect(ran).toMatchObject({ status: 0, stdout: 'shipped ran executor.mjs\n', stderr: '' })
  })
})

describe('requestedPlatform', () => {
  it('reads what an exit status asks for', () => {
    for (const platform of platforms)
      expect(requestedPlatform(requestExitStatus(platform))).toBe(platform)
    expect([0, 1, 93, 99, 104, 127, 255].map(requestedPlatform)).toEqual(Array(7).fill(undefined))
  })
})
