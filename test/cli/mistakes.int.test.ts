/** The program under hands that are new to it: what they get wrong, and that it ends when they want it to. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const golden = fileURLToPath(new URL('../fixtures/journals/scheduler-work.ndjson', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'jarcast mistakes ü '))
const temporary = join(folder, 'temporary')

afterAll(() => rm(folder, { recursive: true }))

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return spawn(process.execPath, [main, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: temporary, XDG_CACHE_HOME: join(folder, 'xdg'), ...env },
  })
}

async function run(...args: readonly string[]) {
  const child = start(args)
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { stdout, stderr, status: status as unknown }
}

beforeAll(async () => {
  await mkdir(temporary)
  await writeFile(join(folder, 'a.jar'), 'no jar')
  await writeFile(join(folder, 'tasks.mjs'), 'export const six = () => 6\nexport class Helper {}\n')
  await writeFile(join(folder, 'bad.mjs'), 'export const a = 1\n\nexport const b = (\n}\n')
  const modules = {
    'ends.mjs': 'process.exit(0)',
    'ends-later.mjs':
      'setTimeout(() => process.exit(), 500)\nexport const f = () => new Promise(() => setTimeout(() => {}, 600000))',
    'throws-later.mjs': later('throw new Error("boom")'),
    'rejects-later.mjs': later('Promise.reject(new TypeError("boom"))'),
    'waits.mjs': 'await new Promise(() => {})',
    'default-waits.mjs': 'export default () => new Promise(() => {})',
    'rejects.mjs': 'Promise.reject(new Error("late"))\nexport const six = () => 6',
    'getter.mjs': 'export const a = { get work() { throw new Error("no work") } }',
  }
  for (const [name, text] of Object.entries(modules)) await writeFile(join(folder, name), text)
})

/** A module that does this at the launcher alone, once its task may run. */
function later(what: string): string {
  return `if (process.argv.includes('run')) setTimeout(() => {
  ${what}
}, 500)
export const f = () => new Promise(() => setTimeout(() => {}, 600000))`
}

describe('a mistake', () => {
  it.each(['throws-later.mjs', 'rejects-later.mjs'])(
    'is a module that fails while its tasks run: %s',
    async (name) => {
      const { status, stderr } = await run('run', name, '--master', 'local')
      expect(status).not.toBe(0)
      expect(stderr).toMatch(
        new RegExp(
          `jarcast: CONFIG_INVALID: ${name} failed while its tasks ran: boom \\(.*${name}:2:\\d+\\)`,
        ),
      )
      expect(stderr).not.toMatch(/^ +at /m)
    },
  )

  it('is none: the module behind a list', async () => {
    const { status, stdout } = await run('run', '--master', 'local', '--jar', 'a.jar', 'tasks.mjs')
    expect({ status, stdout }).toMatchObject({ status: 0 })
    expect(stdout).toContain('1 of 1 task finished')
  })

  it('is a module that ends the process while its tasks run', async () => {
    const { status, stderr } = await run('run', 'ends-later.mjs', '--master', 'local')
    expect({ status, stderr }).toMatchObject({ status: 1 })
    expect(stderr).toContain('ended the process before its tasks ended')
  })

  it.each([
    [['run', 'bad.mjs', '--master', 'local'], /bad\.mjs:\d/],
    [['run', 'ends.mjs', '--master', 'local'], /ends\.mjs ends the process while it is loaded/],
    [['run', 'waits.mjs', '--master', 'local'], /waits\.mjs .* promise that nothing can settle/],
    [['run', 'default-waits.mjs', '--master', 'local'], /promise that nothing can settle/],
    [['run', 'rejects.mjs', '--master', 'local'], /rejects\.mjs cannot be loaded: late \(.*:1/],
    [['run', 'getter.mjs', '--master', 'local'], /getter\.mjs cannot be loaded: no work \(.*:1/],
    [['run', 'x'.repeat(300), '--master', 'local'], /cannot be read: ENAMETOOLONG/],
    [['run', 'gone.mjs', '--master', 'local'], /gone\.mjs: it does not exist/],
    [['exec', '--master', 'local', '--js', 'gone.mjs#f'], /gone\.mjs does not exist/],
    [['help', 'nope'], /unknown command 'nope'/],
    [['help', 'journal', 'nope'], /unknown command 'nope'/],
    [['journal', 'help', 'nope'], /unknown command 'nope'/],
    [['exec', '--master', 'local', '--jar', 'a.jar', 'true'], /--jar took a\.jar true/],
    [
      ['exec', '--master', '127.0.0.1:9', '--delivery', 'fetcher', '--js', 'tasks.mjs#six'],
      /needs jarcast's executor/,
    ],
    [['run', '--master', '127.0.0.1:9', '--role', 'a b', 'tasks.mjs'], /role \(a b\) has a blank/],
    [['exec', '--master', 'local', '--bom', 'maven:g:a:1', '--', 'true'], /--bom is for packages/],
    [
      ['exec', '--master', 'local', '--page-link', 'a.jar/x', '--', 'true'],
      /a\.jar\/x cannot be written: ENOTDIR/,
    ],
    [['classpath', 'a.jar', '--java-version', 'x'], /such as 17/],
    [['replay', golden, '--speed', '0'], /--speed .*must be a number above 0/],
    [['replay', golden, '--speed', '-2'], /--speed .*must be a number above 0/],
    [['replay', golden, '--speed', 'NaN'], /--speed .*must be a number above 0/],
    [['libs', 'http://me:hush@127.0.0.1:1'], /leave user and password out/],
  ])('is named: %j', async (args, message) => {
    const { status, stderr } = await run(...args)
    expect({ status, stderr }).toMatchObject({ status: 2 })
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('hush')
  })

  it.each([
    [['--from', '99999'], /the journal ends with entry/],
    [['--actor', 'nobody'], /there are .*offers/],
    [['--actor', 'nobody', '--json'], /there are .*offers/],
  ])('is named by replay: %j', async (flags, message) => {
    const { status, stderr } = await run('replay', golden, ...flags)
    expect({ status, stderr }).toMatchObject({ status: 2 })
    expect(stderr).toMatch(message)
  })
})

describe('Ctrl-C', () => {
  /** Connections are taken, and nothing is ever answered. */
  async function startSilence() {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const close = () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    }
    return { server, close, port: (server.address() as AddressInfo).port }
  }

  it('ends serve while it stages', async () => {
    const large = join(folder, 'large.bin')
    await writeFile(large, '')
    await truncate(large, 200 * 1024 ** 3)
    const child = start(['serve', large])
    const isStaging = async () =>
      (await readdir(temporary, { recursive: true })).some((name) => name.endsWith('bytes'))
    await until('a file that is staged', isStaging)
    child.kill('SIGINT')
    await once(child, 'close')
    expect(child.exitCode).toBe(130)
    expect(await readdir(temporary)).toEqual([])
  })

  it.each([
    [
      'resolve of Maven',
      ['resolve', '--package', 'maven:g:a:1', '--repository', 'http://127.0.0.1:PORT'],
    ],
    ['resolve of npm', ['resolve', '--package', 'npm:a']],
    ['exec while it connects', ['exec', '--master', '127.0.0.1:PORT', '--', 'true']],
    ['exec while it resolves', ['exec', '--master', 'local', '--package', 'npm:a', '--', 'true']],
  ])('ends %s', async (_, args) => {
    const { server, close, port } = await startSilence()
    try {
      const asked = once(server, 'connection')
      const child = start(
        args.map((word) => word.replace('PORT', String(port))),
        { npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_cache: join(folder, 'npm') },
      )
      const output = Promise.all([text(child.stdout), text(child.stderr)])
      await Promise.race([
        asked,
        once(child, 'close').then(async () => Promise.reject(new Error((await output).join('')))),
      ])
      child.kill('SIGINT')
      await once(child, 'close')
      expect(child.exitCode).toBe(130)
    } finally {
      close()
    }
  })
})

describe('a command line', () => {
  it('shows no password to others', async () => {
    const server = createServer()
    const close = () => server.close()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    try {
      const asked = once(server, 'connection')
      const child = start([
        'exec',
        '--master',
        `zk://me:hush@127.0.0.1:${port}/mesos`,
        '--',
        'true',
      ])
      await asked
      const shown = await readFile(`/proc/${child.pid}/cmdline`, 'utf8').catch(() => 'exec')
      expect(shown).toContain('exec')
      expect(shown).not.toContain('hush')
      child.kill('SIGKILL')
      await once(child, 'close')
    } finally {
      close()
    }
  })
})
