import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { compilerClass, compilerJar, hasJava } from '../support/java.ts'
import { faultsOf } from '../support/json-schema.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcomeOf } from '../support/processes/outcome-of.ts'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const onTwoAgents = ['--master', 'local', '--agents', '2']
const missingJar = '/nowhere/missing.jar'

let folder = ''

beforeAll(async () => {
  if (!existsSync(main)) throw new Error('these tests run the built program: npm run build')
  folder = await mkdtemp(join(tmpdir(), 'jarcast-cli-'))
  await mkdir(join(folder, 'temporary'))
  await writeFile(
    join(folder, 'tasks.mjs'),
    `import { mul } from './mul.mjs'
     export const shell = { work: { kind: 'shell', command: 'test -n "$JARCAST_LIBRARIES"' } }
     export function seven() { return mul(1, 7) }
     export default [{ id: 'six', work: { kind: 'js', module: './mul.mjs', export: 'mul', args: [2, 3] } }]`,
  )
  await writeFile(join(folder, 'mul.mjs'), 'export const mul = (one, two) => one * two')
  await writeFile(
    join(folder, 'fail.mjs'),
    `export function boom() { console.error('the last words'); throw new Error('no luck') }
     export function fine() { return 'fine' }`,
  )
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

function start(...args: readonly string[]) {
  const env = {
    ...process.env,
    JARCAST_CACHE_DIR: join(folder, 'cache'),
    TMPDIR: join(folder, 'temporary'),
  }
  return spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

function run(...args: readonly string[]) {
  return outcomeOf(start(...args))
}

async function firstLine(child: ReturnType<typeof start>): Promise<string> {
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return line
}

describe('jarcast', () => {
  it('prints its version and help', async () => {
    const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
    const { version } = JSON.parse(manifest) as { version: string }
    expect(await run('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
    for (const command of ['run', 'exec', 'local', 'serve']) {
      const { status, stdout } = await run(command, '--help')
      expect(status).toBe(0)
      expect(stdout).toContain(`$ jarcast ${command}`)
    }
  })

  it('ends with 2 on wrong usage', async () => {
    const wrong = [
      [],
      ['fly'],
      ['exec', '--load-class', 'a.B'],
      ['exec', '--master', 'local'],
      ['exec', '--master', 'local', '--timeout', 'soon', '--', 'true'],
      ['exec', '--master', 'local', '--load-class', 'a.B'],
      ['exec', '--master', 'm:5050', '--agents', '2', '--', 'true'],
      ['exec', '--master', 'local', '--jar', missingJar, '--load-class', 'a.B'],
      ['exec', '--master', 'local', '--jar', folder, '--load-class', 'a.B'],
      ['run', join(folder, 'nothing.mjs'), '--master', 'local'],
      ['serve', missingJar],
      ['local', '--port', '70000'],
      ['local', '--work-dir', '/proc/jarcast'],
      [
        'run',
        join(folder, 'fail.mjs'),
        '--master',
        'local',
        '--advertise',
        'http://foo/',
        '--json',
      ],
    ]
    for (const args of wrong) {
      const { status, stdout, stderr } = await run(...args)
      const isSilent = args.includes('--json') || stdout === ''
      expect({ args, status, isSilent }).toEqual({ args, status: 2, isSilent: true })
      expect(stderr).not.toContain('    at ')
    }
  })

  it('complains of unknown options before missing ones', async () => {
    expect((await run('exec', '--bogus')).stderr).toContain("unknown option '--bogus'")
    expect((await run('exec', '--', 'true')).stderr).toContain('--master is missing')
  })

  it('reports once why the jar server does not start', async () => {
    const mul = ['--lib', join(folder, 'mul.mjs')]
    const bind = ['--bind', '192.0.2.1']
    const { status, stderr, stdout } = await run(
      'run',
      join(folder, 'fail.mjs'),
      '--master',
      'local',
      ...mul,
      ...bind,
    )
    expect(status).toBe(2)
    expect(stderr).toContain('JAR_SERVER_FAILED: the jar server cannot listen: 192.0.2.1')
    expect(stdout).not.toContain('192.0.2.1')
  })

  it.runIf(existsSync('/dev/full'))('reports a full disk on the other stream', async () => {
    const full = openSync('/dev/full', 'w')
    try {
      const args = ['exec', '--master', 'local', '--json', '--', 'sleep 600']
      const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', full, 'pipe'] })
      const errors = child.stderr ?? Readable.from([])
      const [stderr] = await Promise.all([text(errors), once(child, 'exit')])
      expect(child.exitCode).toBe(1)
      expect(stderr).toMatch(/^jarcast: stdout cannot be written: ENOSPC.*\n$/)
    } finally {
      closeSync(full)
    }
  })

  it('names a jar that does not exist, before anything is registered', async () => {
    const { stderr } = await run(
      'exec',
      '--master',
      'local',
      '--jar',
      missingJar,
      '--load-class',
      'B',
    )
    expect(stderr).toContain(`LIBRARY_NOT_FOUND: library ${missingJar} does not exist`)
    expect(stderr).not.toContain('registered')
  })

  it('serves commands for the cluster at the address that it prints', async () => {
    const child = start('local', '--port', '0', '--masters', '2', '--control-port', '0')
    const { control, masters } = JSON.parse(await firstLine(child)) as {
      control: string
      masters: readonly { url: string }[]
    }
    const killed = await fetch(`${control}/agents/agent-1/kill`, { method: 'POST' })
    expect(await killed.json()).toMatchObject({ name: 'agent-1', state: 'stopped' })
    await fetch(`${control}/masters/1/lead`, { method: 'POST' })
    const redirect = await fetch(`${masters[0]?.url}/redirect`, { redirect: 'manual' })
    expect(redirect.headers.get('location')).toBe(masters[1]?.url.replace('http:', ''))
    child.kill('SIGTERM')
    await once(child, 'exit')
    expect(child.exitCode).toBe(0)
  })

  it('says why there is no master, and gives up in time', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    const master = `http://127.0.0.1:${port}`
    const { status, stderr } = await run('exec', '--master', master, '--timeout', '1', '--', 'true')
    expect(status).toBe(1)
    expect(stderr).toContain('no connection to the master')
    expect(stderr).toContain('MASTER_UNREACHABLE')
  })
})

describe('jarcast run', () => {
  it('runs what a module exports and prints a table', async () => {
    const tasks = join(folder, 'tasks.mjs')
    const mul = join(folder, 'mul.mjs')
    const { status, stdout, stderr } = await run('run', tasks, ...onTwoAgents, '--lib', mul)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^shell +S\d +agent-\d +TASK_FINISHED +\d+\.\d/m)
    expect(stdout).toMatch(/^seven .* 7$/m)
    expect(stdout).toMatch(/^six .* 6$/m)
    expect(stdout).toContain('3 of 3 tasks finished')
    expect(stdout).not.toContain('\u001b')
  })

  it('ends with 1 when a task fails, and shows its last words', async () => {
    const { status, stdout } = await run('run', join(folder, 'fail.mjs'), '--master', 'local')
    expect(status).toBe(1)
    expect(stdout).toContain('1 of 2 tasks finished, 1 failed')
    expect(stdout).toContain('task boom TASK_FAILED: no luck')
    expect(stdout).toContain('    the last words')
  })

  it('prints one JSON object per event and nothing else', async () => {
    const { status, stdout } = await run('run', join(folder, 'fail.mjs'), ...onTwoAgents, '--json')
    expect(status).toBe(1)
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(events.every(({ event, at }) => typeof event === 'string' && Number(at) > 0)).toBe(true)
    expect(events.filter(({ event }) => event === 'task.ended')).toHaveLength(2)
    expect(events.at(-2)).toMatchObject({ event: 'framework.stopped' })
    expect(events.at(-1)).toMatchObject({ event: 'run.summary', tasks: 2, finished: 1, failed: 1 })
  })

  it('continues when its output is closed', async () => {
    const child = start('run', join(folder, 'fail.mjs'), '--master', 'local', '--json')
    child.stdout.once('data', () => child.stdout.destroy())
    const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, 'close')])
    expect({ status: status as unknown, stderr }).toEqual({ status: 1, stderr: '' })
  })
})

describe('jarcast exec', () => {
  it('prints the result of a function', async () => {
    const target = `${join(folder, 'mul.mjs')}#mul`
    const { status, stdout } = await run('exec', '--master', 'local', '--js', target, '6', '-7')
    expect({ status, stdout }).toEqual({ status: 0, stdout: '-42\n' })
  })

  it.runIf(hasJava())('prints the output of a class of a jar', async () => {
    const jar = ['--jar', compilerJar, '--load-class', compilerClass]
    expect(await run('exec', '--master', 'local', ...jar)).toMatchObject({
      status: 0,
      stdout: `successfully loaded ${compilerClass}\n`,
    })
    const missing = ['--jar', compilerJar, '--load-class', 'no.Such']
    const { status, stderr } = await run('exec', '--master', 'local', ...missing)
    expect(status).toBe(1)
    expect(stderr).toContain('class no.Such is in none of the jars (CLASS_NOT_FOUND)')
    expect(stderr).toContain('java.lang.ClassNotFoundException: no.Such')
  })

  it.runIf(hasJava())('leaves options after the main class to it', async () => {
    const program = ['--java', compilerClass, '--js', join(folder, 'mul.mjs')]
    const { status, stdout } = await run(
      'exec',
      '--master',
      'local',
      '--jar',
      compilerJar,
      ...program,
    )
    expect(status).toBe(0)
    expect(stdout).toContain('mul')
  })

  it('prints the output of a shell command', async () => {
    const plain = await run('exec', '--master', 'local', '--', 'echo', 'plain')
    expect(plain).toMatchObject({ status: 0, stdout: 'plain\n' })
    const lib = join(folder, 'mul.mjs')
    const command = 'ls "$JARCAST_LIBRARIES"'
    const shipped = await run('exec', '--master', 'local', '--lib', lib, '--', command)
    expect(shipped).toMatchObject({ status: 0, stdout: expect.stringContaining('mul.mjs') })
  })

  it('gives a task its ports and variables, and has Mesos fetch its libraries', async () => {
    const { status, stdout } = await run(
      'exec',
      '--master',
      'local',
      '--delivery',
      'fetcher',
      '--lib',
      join(folder, 'mul.mjs'),
      '--ports',
      '31005,31007',
      '--env',
      'OWN=1',
      '--constraint',
      'hostname LIKE agent-.',
      '--',
      'echo $OWN $PORT1 $PORTS; cat libraries/mul.mjs',
    )
    expect(stdout).toBe('1 31007 31005,31007\nexport const mul = (one, two) => one * two')
    expect(status).toBe(0)
  })

  it('runs the groups of a module', async () => {
    const file = join(folder, 'groups.mjs')
    await writeFile(
      file,
      `const task = (command) => ({ group: 'both', work: { kind: 'shell', command } })
       export const left = task('true')
       export const right = task('exit 3')`,
    )
    const { status, stdout } = await run('run', file, '--master', 'local', '--retries', '2')
    expect(status).toBe(1)
    expect(stdout).toMatch(/right.*TASK_FAILED/)
  })

  it('copies the whole output of a command', async () => {
    const command = 'seq 1 20000; echo aside >&2; exit 3'
    for (const lib of [[], ['--lib', join(folder, 'mul.mjs')]]) {
      const { status, stdout, stderr } = await run(
        'exec',
        '--master',
        'local',
        ...lib,
        '--',
        command,
      )
      expect(status).toBe(1)
      expect(stdout.split('\n')).toHaveLength(20_001)
      expect(stderr).toMatch(/^aside$/m)
    }
  })

  it('says what an executor wrote that could not start', async () => {
    const target = `${join(folder, 'mul.mjs')}#mul`
    const node = ['--node', '/no/such/node', '--runtime', 'none']
    const { status, stderr } = await run('exec', '--master', 'local', ...node, '--js', target, '1')
    expect(status).toBe(1)
    expect(stderr).toMatch(/exited with status 1\d\d: it found no Node\.js; see --runtime$/m)
    expect(stderr.match(/^ +.* has no Node\.js .*tried: .*\/no\/such\/node.*$/gm)).toHaveLength(1)
  })

  it('refuses an option in place of a main class', async () => {
    const words = ['--java', '--', '-version']
    const { status, stderr } = await run('exec', '--master', 'local', ...words)
    expect(status).toBe(2)
    expect(stderr).toContain('-version is no main class')
  })

  it('leaves nothing behind after two signals', async () => {
    const command = 'trap "" TERM; while true; do sleep 1; done'
    const child = start('exec', '--master', 'local', '--json', '--', command)
    const ended = once(child, 'exit')
    for await (const line of createInterface(child.stdout)) {
      if (!line.includes('TASK_RUNNING')) continue
      child.kill('SIGINT')
      child.kill('SIGTERM')
    }
    await ended
    expect([130, 143]).toContain(child.exitCode)
    expect(await readdir(join(folder, 'temporary'))).toEqual([])
  })

  it('stops its framework at a signal', async () => {
    for (const [signal, expected] of [
      ['SIGHUP', 129],
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const child = start('exec', '--master', 'local', '--json', '--', 'sleep 600')
      for await (const line of createInterface(child.stdout)) {
        if (line.includes('TASK_RUNNING')) child.kill(signal)
      }
      await once(child, 'exit')
      expect(child.exitCode).toBe(expected)
    }
  })
})

describe('jarcast local', () => {
  it('prints its addresses, runs tasks for others and ends cleanly', async () => {
    const child = start('local', '--agents', '2', '--port', '0')
    const ready = JSON.parse(await firstLine(child)) as {
      url: string
      agents: { hostname: string; sandboxes: string }[]
    }
    expect(faultsOf('servers')(ready)).toEqual([])
    const { url, agents } = ready
    expect(agents.map(({ hostname }) => hostname)).toEqual(['agent-1', 'agent-2'])
    const target = `${join(folder, 'mul.mjs')}#mul`
    const result = await run('exec', '--master', url, '--js', target, '2', '2')
    expect(result).toMatchObject({ status: 0, stdout: '4\n' })
    expect(agents.some(({ sandboxes }) => existsSync(sandboxes))).toBe(true)
    child.kill('SIGTERM')
    await once(child, 'exit')
    expect(child.exitCode).toBe(0)
  })

  it('says what to do about a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { status, stderr } = await run('local', '--port', String(port))
    server.close()
    expect(status).toBe(2)
    expect(stderr).toContain('--port')
  })
})

describe('jarcast serve', () => {
  it('serves each library at the address it prints', async () => {
    const child = start('serve', join(folder, 'mul.mjs'), '--bind', '127.0.0.1')
    const ready = JSON.parse(await firstLine(child)) as {
      libraries: { uri: string; sizeBytes: number; kind: string }[]
      uris: string
    }
    expect(faultsOf('servers')(ready)).toEqual([])
    const { libraries, uris } = ready
    expect(libraries).toMatchObject([{ name: 'mul.mjs', kind: 'file' }])
    for (const uri of [libraries[0]?.uri ?? '', uris]) {
      expect(await (await fetch(uri)).text()).toContain('export const mul')
    }
    child.kill('SIGINT')
    await once(child, 'exit')
    expect(child.exitCode).toBe(0)
  })
})
