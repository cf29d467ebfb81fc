/** Who may ask the clusters that the program starts: on the machine, over its ports, and through its files. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../../local/support/client.ts'
import { outcomeOf } from '../../support/processes/outcome-of.ts'

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
const nobody = 65534
const isRoot = process.getuid?.() === 0
const hasProc = existsSync('/proc/self/net/tcp')

let folder = ''

beforeAll(async () => {
  if (!existsSync(main)) throw new Error('these tests run the built program: npm run build')
  folder = await mkdtemp(join(tmpdir(), 'jarcast-access-'))
  // Others may look for what is below it; what they find is not theirs to read.
  await chmod(folder, 0o755)
  await writeFile(
    join(folder, 'credentials'),
    '{"credentials":[{"principal":"alice","secret":"wonder"}]}',
  )
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

function start(...args: readonly string[]) {
  const env = { ...process.env, JARCAST_CACHE_DIR: join(folder, 'cache'), TMPDIR: folder }
  return spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

function run(...args: readonly string[]) {
  return outcomeOf(start(...args))
}

/** Starts `jarcast local`, lets `look` see it, and ends it; what it wrote for people. */
async function withLocal(
  args: readonly string[],
  look: (url: string) => Promise<void> | void = () => undefined,
): Promise<string> {
  const child = start('local', '--port', '0', ...args)
  const errors = text(child.stderr)
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  try {
    await look((JSON.parse(line) as { readonly url: string }).url)
  } finally {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  return await errors
}

/** TCP ports that a process listens on. */
function portsOf(pid: number): readonly number[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      return /^socket:\[(\d+)\]$/u.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
    }),
  )
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/self/net/${table}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/u))
      .filter(([, , , state, , , , , , inode = '']) => state === '0A' && sockets.has(inode))
      .map(([, address = '']) => Number.parseInt(address.split(':').at(-1) ?? '', 16)),
  )
}

describe('jarcast local', () => {
  it('says who can reach it and as whom tasks run', async () => {
    const told = await withLocal(['--agents', '0'])
    expect(told).toContain('on this machine only (127.0.0.1), without credentials: every user')
    expect(told).toContain(`Tasks run as ${userInfo().username}`)
    const open = await withLocal(['--agents', '0', '--bind', '0.0.0.0', '--open'])
    expect(open).toContain('on the network (0.0.0.0), without credentials: everyone who can reach')
  })

  it('does not listen beyond this machine without credentials, unless that is set', async () => {
    for (const address of ['0.0.0.0', '::', '10.0.0.1', 'example.org']) {
      const { status, stderr, stdout } = await run('local', '--port', '0', '--bind', address)
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      expect(stderr).toContain(`everyone who can reach ${address} could run commands as`)
      expect(stderr).toContain('--credentials FILE')
      expect(stderr).toContain('--open')
    }
    const both = await run('local', '--open', '--credentials', join(folder, 'credentials'))
    expect(both).toMatchObject({ status: 2 })
    const origin = await run('local', '--allow-origin', 'console')
    expect(origin.stderr).toContain('--allow-origin console is no origin')
  })

  it('runs the tasks of frameworks with its credentials only', async () => {
    const given = ['--credentials', join(folder, 'credentials')]
    const told = await withLocal(given, async (url) => {
      const exec = ['exec', '--master', url, '--timeout', '20']
      const refused = await run(...exec, '--', 'echo', 'mine')
      expect(refused.status).toBe(2)
      expect(refused.stderr).toContain('CREDENTIALS_REJECTED')
      expect(await run(...exec, ...given, '--', 'echo', 'mine')).toMatchObject({ status: 0 })
    })
    expect(told).toContain('requires the credentials of')
    expect(told).not.toContain('wonder')
  })
})

describe.skipIf(!hasProc)('a cluster of --master local', () => {
  it('answers only its own framework, at all of its ports', async () => {
    const child = start('exec', '--master', 'local', '--json', '--', 'sleep 600')
    try {
      for await (const line of createInterface(child.stdout)) {
        if (line.includes('TASK_RUNNING')) break
      }
      const ports = portsOf(child.pid ?? 0)
      expect(ports.length).toBeGreaterThanOrEqual(2)
      const framework_info = { user: 'root', name: 'intruder', roles: ['*'] }
      const subscribe = JSON.stringify({ type: 'SUBSCRIBE', subscribe: { framework_info } })
      const requests = [
        ['POST', '/api/v1/scheduler', subscribe],
        ['POST', '/api/v1', '{"type":"GET_STATE"}'],
        ['POST', '/api/v1/executor', '{"type":"HEARTBEAT"}'],
        ['POST', '/machine/down', '[]'],
        ['GET', '/state', ''],
        ['GET', '/files/browse?path=/', ''],
        ['GET', '/', ''],
        ['POST', '/agents/agent-1/kill', ''],
      ] as const
      const statuses = new Map<string, number>()
      for (const port of ports) {
        for (const [method, path, body] of requests) {
          const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
          const answer = await ask(`http://127.0.0.1:${port}${path}`, { method, headers, body })
          statuses.set(`${method} ${port}${path}`, answer.status)
        }
      }
      expect([...statuses].filter(([, status]) => status !== 401)).toEqual([])
    } finally {
      child.kill('SIGTERM')
      await once(child, 'close')
    }
  })

  it.skipIf(!isRoot)('keeps its sandboxes and environments from other users', async () => {
    const child = start('exec', '--master', 'local', '--json', '--', 'sleep 600')
    try {
      for await (const line of createInterface(child.stdout)) {
        if (line.includes('TASK_RUNNING')) break
      }
      const look = `find ${folder} -name stdout; cat /proc/${child.pid}/environ; cat ${folder}/jarcast-*/x`
      const other = spawn('/bin/sh', ['-c', look], { uid: nobody, gid: nobody })
      const [seen] = await Promise.all([text(other.stdout), once(other, 'close')])
      expect(seen).toBe('')
      // That there is something to be found is for the owner to see.
      const own = spawn('find', [folder, '-name', 'stdout'])
      expect(await text(own.stdout)).toContain('/executors/')
    } finally {
      child.kill('SIGTERM')
      await once(child, 'close')
    }
  })
})
