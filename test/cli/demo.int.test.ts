import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hasJava } from '../support/java.ts'

const demo = fileURLToPath(new URL('../../docs/examples/demo/demo.mjs', import.meta.url))
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-demo-test-'))
  await mkdir(join(folder, 'tmp'))
})
afterEach(() => rm(folder, { recursive: true }))

function start(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  return spawn(process.execPath, [demo, ...args], {
    env: { ...process.env, TMPDIR: join(folder, 'tmp'), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function resultOf(child: ReturnType<typeof start>) {
  const closed = once(child, 'close') as Promise<[number | null]>
  const [stdout, [status]] = await Promise.all([text(child.stdout), closed])
  return { stdout, status, left: await readdir(join(folder, 'tmp')) }
}

/** A folder with all programs of the system but Java. */
async function binWithoutJava(): Promise<string> {
  const bin = join(folder, 'bin')
  await mkdir(bin)
  const names = (await readdir('/usr/bin')).filter((name) => !name.startsWith('java'))
  await Promise.all(names.map((name) => symlink(join('/usr/bin', name), join(bin, name))))
  return bin
}

describe('the demo', () => {
  it.skipIf(!hasJava())('runs its tasks on both agents and keeps sandboxes if asked', async () => {
    const { stdout, status, left } = await resultOf(start(['--work-dir', join(folder, 'kept')]))
    for (const host of ['agent-1', 'agent-2']) {
      expect(stdout).toMatch(new RegExp(`^count-${host} .*TASK_FINISHED .*"jar":3`, 'm'))
      expect(stdout).toMatch(new RegExp(`^load-${host} .*successfully loaded com`, 'm'))
      const [, sandbox = ''] = new RegExp(`^ {2}${host} {2}(.+)$`, 'm').exec(stdout) ?? []
      expect(await readdir(sandbox)).toContain('tasks')
    }
    expect(stdout).toMatch(/MB served in \d+ requests; .* cache hits$/m)
    expect({ status, left }).toEqual({ status: 0, left: [] })
  })

  it('fails without Java, and says what to install', async () => {
    const PATH = await binWithoutJava()
    const { stdout, status, left } = await resultOf(start([], { PATH, JAVA_HOME: '' }))
    expect(stdout).toMatch(/^count-agent-1 .*TASK_FINISHED .*"jar":3/m)
    expect(stdout).toMatch(/^load-agent-1 .*TASK_FAILED/m)
    expect(stdout).toMatch(/^Java is not installed here: apt-get install default-jre-headless/m)
    expect({ status, left }).toEqual({ status: 1, left: [] })
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('leaves nothing behind after %s', async (signal, expected) => {
    const child = start()
    child.stdout.once('data', () => child.kill(signal))
    const { status, left } = await resultOf(child)
    expect({ status, left }).toEqual({ status: expected, left: [] })
  })
})
