/** Runs in their own processes, looked at and steered from other processes. */
import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { TaskView } from '../../../src/framework/control/run-views.ts'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../src/local/cluster.ts'
import { faultsOf } from '../../support/json-schema.ts'
import { until as waitUntil } from '../../support/until.ts'
import { outcomeOf } from '../../support/processes/outcome-of.ts'

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
const running = new Set<Cli>()
let folder = ''
let cluster: LocalCluster
let runs = 0

type Cli = ChildProcessByStdio<null, Readable, Readable>

beforeAll(async () => {
  if (!existsSync(main)) throw new Error('these tests run the built program: npm run build')
  folder = await mkdtemp(join(tmpdir(), 'jarcast-steer-'))
  cluster = await startLocalCluster({ open: true, agents: 1, allocationIntervalMs: 50 })
  await writeFile(
    join(folder, 'tasks.mjs'),
    `const wait = 'while [ ! -e "$GO" ]; do sleep 0.05; done'
     const shell = (id, command, more = {}) => ({ id, work: { kind: 'shell', command }, ...more })
     const environment = { GO: process.env.GO }
     export default [
       shell('talk', 'echo first; echo oops >&2; ' + wait + '; echo last', { environment }),
       shell('quick', 'echo hi'),
       shell('bad', 'echo nope; exit 3'),
       shell('sleeper', 'echo zzz; sleep 600'),
       shell('huge', 'true', { resources: { cpus: 500 } }),
     ]`,
  )
})

afterEach(async () => {
  for (const child of running) child.kill('SIGKILL')
  await Promise.all(Array.from(running, (child) => once(child, 'close')))
})

afterAll(async () => {
  await cluster.close()
  await rm(folder, { recursive: true, force: true })
})

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Cli {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: { ...process.env, JARCAST_CACHE_DIR: join(folder, 'cache'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('close', () => running.delete(child))
  return child
}

const jarcast = (...args: readonly string[]) => outcomeOf(start(args))

/** Lines of `--json`, which have the form of their schema. */
function eventsIn(output: string): readonly (TaskView & { readonly event: string })[] {
  const events = output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TaskView & { readonly event: string })
  expect(events.flatMap(faultsOf('steer'))).toEqual([])
  return events
}

async function tasksOf(...run: readonly string[]): Promise<ReadonlyMap<string, TaskView>> {
  const { stdout } = await jarcast('ps', ...run, '--json')
  const tasks = eventsIn(stdout).filter(({ event }) => event === 'ps.task')
  return new Map(tasks.map((task) => [task.id, task]))
}

/** Waits until `look` finds something; throws with what `child` wrote once it has ended before. */
async function until<T>(child: Cli, outcome: Promise<object>, look: () => Promise<T | undefined>) {
  return await waitUntil(String(look), async () => {
    const found = await look()
    if (found === undefined && (child.exitCode !== null || child.signalCode !== null))
      throw new Error(`it ended before: ${JSON.stringify(await outcome)}`)
    return found
  })
}

/** Starts the run of tasks.mjs; resolves once `bad` has failed and the others run. */
async function startRun(...more: readonly string[]) {
  const journal = join(folder, `run-${(runs += 1)}`)
  const go = `${journal}.go`
  const args = ['run', 'tasks.mjs', '--master', cluster.url, '--journal', journal, ...more]
  const child = start(args, { GO: go })
  const outcome = outcomeOf(child)
  await until(child, outcome, async () => {
    const tasks = await tasksOf('--journal', journal)
    const states = ['talk', 'sleeper', 'bad'].map((id) => tasks.get(id)?.state)
    return states.join() === 'TASK_RUNNING,TASK_RUNNING,TASK_FAILED' ? true : undefined
  })
  return { child, journal, outcome, args, go: () => writeFile(go, '') }
}

describe('a run with a journal', () => {
  it('is listed, read, killed and stopped from other processes, and read after its end', async () => {
    const { journal, outcome, go } = await startRun()
    const of = ['--journal', journal]
    expect((await stat(join(journal, 'control.sock'))).mode & 0o777).toBe(0o600)

    const table = (await jarcast('ps', ...of)).stdout.split('\n')
    expect(table[2]).toMatch(/^bad +TASK?_?failed|^bad +failed/)
    expect(table.join('\n')).toMatch(/5 tasks: 1 failed, 2 running, 1 waiting, 1 finished/)
    const [status] = eventsIn((await jarcast('status', ...of, '--json')).stdout)
    expect(status).toMatchObject({
      life: 'running',
      isRegistered: true,
      master: cluster.url,
      tasks: { TASK_FAILED: 1, TASK_RUNNING: 2, TASK_FINISHED: 1, waiting: 1 },
    })

    expect(await jarcast('logs', 'talk', ...of)).toMatchObject({ status: 0, stdout: 'first\n' })
    expect((await jarcast('logs', 'talk', '--stderr', ...of)).stdout).toMatch(/oops\n$/)
    expect(await jarcast('logs', 'nobody', ...of)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('TASK_UNKNOWN') as string,
    })
    const following = jarcast('logs', 'talk', '--follow', ...of)
    const killed = await jarcast('kill', 'huge', 'bad', 'nobody', '--json', ...of)
    expect(eventsIn(killed.stdout)[0]).toMatchObject({
      event: 'kill',
      killed: ['huge'],
      ended: ['bad'],
      unknown: ['nobody'],
    })
    expect(killed.status).toBe(2)
    await go()
    expect(await following).toEqual({ status: 0, stdout: 'first\nlast\n', stderr: '' })

    expect(await jarcast('stop', ...of)).toMatchObject({ status: 0, stderr: '' })
    expect((await outcome).status).toBe(1)
    expect(existsSync(join(journal, 'control.sock'))).toBe(false)
    const entries = await readFile(join(journal, 'journal-0000000000000001.ndjson'), 'utf8')
    expect(entries).toMatch(/"task\.kill"[^\n]*"huge"/)
    expect(entries).toContain('"framework.stop"')

    const lines = eventsIn((await jarcast('logs', 'talk', ...of, '--json')).stdout)
    expect(lines).toMatchObject([
      { event: 'task.output', attempt: 1, stream: 'stdout', text: 'first\nlast\n' },
      { event: 'logs.summary', bytes: 11 },
    ])
    const nothing = await jarcast('logs', 'huge', ...of, '--json')
    expect(eventsIn(nothing.stdout)).toMatchObject([{ event: 'logs.summary', bytes: 0 }])
    const listed = eventsIn((await jarcast('ps', ...of, '--json')).stdout)
    expect(listed.at(-1)).toMatchObject({ event: 'ps.summary', tasks: listed.length - 1 })
    const ended = await tasksOf(...of)
    expect(ended.get('talk')).toMatchObject({ state: 'TASK_FINISHED', isFailure: false })
    expect(ended.get('talk')?.endedAt).toBeGreaterThan(ended.get('talk')?.startedAt ?? Infinity)
    expect(ended.get('bad')?.error).toMatchObject({ code: 'TASK_FAILED' })
    expect(await jarcast('logs', 'talk', ...of)).toMatchObject({ stdout: 'first\nlast\n' })
    expect(await jarcast('kill', 'talk', ...of)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('is over') as string,
    })
  })

  it('is found again when its process is killed and started again', async () => {
    const { child, journal, args, go } = await startRun()
    const of = ['--journal', journal]
    const following = jarcast('logs', 'talk', '-f', ...of)
    child.kill('SIGKILL')
    await once(child, 'close')
    const gone = await jarcast('ps', ...of)
    expect(gone.stdout).toContain('no process runs it')
    expect(await jarcast('stop', ...of)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('continues it') as string,
    })
    const continued = start(args, { GO: `${journal}.go` })
    const again = outcomeOf(continued)
    await until(continued, again, async () => {
      const { stdout } = await jarcast('status', ...of, '--json')
      return stdout.includes('"life":"running"') ? true : undefined
    })
    await go()
    expect((await following).stdout).toBe('first\nlast\n')
    // Times of before this process are in the journal.
    expect((await tasksOf(...of)).get('quick')?.startedAt).toBeTypeOf('number')
    await jarcast('stop', ...of)
    expect((await again).status).toBe(1)
  })
})

describe('a framework that only its master is asked about', () => {
  it('is listed, read, and torn down', async () => {
    const { outcome, go } = await startRun('--name', 'nightly')
    const of = ['--master', cluster.url, '--framework', 'nightly']
    const frameworks = await jarcast('ps', '--master', cluster.url)
    expect(frameworks.stdout).toMatch(/nightly +\S+-\d{4} +running/)
    const known = eventsIn((await jarcast('ps', '--master', cluster.url, '--json')).stdout)
    expect(known).toMatchObject([{ event: 'ps.framework' }, { event: 'ps.summary', frameworks: 1 }])
    const tasks = await tasksOf(...of)
    expect(tasks.get('bad')).toMatchObject({ state: 'TASK_FAILED', isFailure: true })
    expect(tasks.get('talk')).toMatchObject({ state: 'TASK_RUNNING', hostname: 'agent-1' })
    expect(await jarcast('logs', 'quick', ...of)).toMatchObject({ status: 0, stdout: 'hi\n' })
    expect(await jarcast('logs', 'quick', '--stderr', ...of)).toMatchObject({
      stderr: expect.stringContaining('nothing to stderr: see stdout, without --stderr') as string,
    })
    const [status] = eventsIn((await jarcast('status', ...of, '--json')).stdout)
    expect(status).toMatchObject({ master: cluster.url, life: 'running' })
    expect(await jarcast('kill', 'talk', ...of)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--journal DIR') as string,
    })
    const following = jarcast('logs', 'talk', '-f', ...of)
    await go()
    expect(await following).toEqual({ status: 0, stdout: 'first\nlast\n', stderr: '' })
    expect(await jarcast('stop', '--master', cluster.url)).toMatchObject({ status: 2 })
    const stopped = await jarcast('stop', ...of, '--json')
    expect(eventsIn(stopped.stdout)[0]).toMatchObject({ event: 'stop', how: 'stop' })
    expect(stopped.status).toBe(0)
    expect((await outcome).stderr).toContain('FRAMEWORK_REMOVED')
    expect(await jarcast('status', ...of)).toMatchObject({
      stdout: expect.stringMatching(/state +stopped/) as string,
    })
  })
})

describe('jarcast logs -f', () => {
  it('gives each of ten readers all bytes, once and in order, while the agent restarts', async () => {
    const megabytes = 8
    await writeFile(
      join(folder, 'flood.mjs'),
      `import { createHash } from 'node:crypto'
       import { setTimeout as delay } from 'node:timers/promises'
       export async function flood() {
         const hash = createHash('sha256')
         for (let part = 0; part < ${megabytes * 8}; part += 1) {
           const bytes = ('é' + part + '-').repeat(2 ** 15).slice(0, 2 ** 17)
           hash.update(bytes)
           if (!process.stdout.write(bytes)) await new Promise((go) => process.stdout.once('drain', go))
           await delay(20)
         }
         return hash.digest('hex')
       }`,
    )
    const journal = join(folder, 'flood')
    const args = ['exec', '--master', cluster.url, '--journal', journal, '--js', 'flood.mjs#flood']
    const executing = start(args)
    const executed = outcomeOf(executing)
    const taskId = await until(executing, executed, async () => {
      const tasks = await tasksOf('--journal', journal)
      return [...tasks.values()].find(({ place }) => place !== undefined)?.id
    })
    const readers = Array.from({ length: 10 }, async (_, index) => {
      const { stdout } = start(['logs', taskId, '-f', '--journal', journal])
      const hash = createHash('sha256')
      let isRestarted = index > 0
      for await (const chunk of stdout) {
        hash.update(chunk as Buffer)
        if (!isRestarted) await cluster.control.restartAgent('agent-1')
        isRestarted = true
      }
      return hash.digest('hex')
    })
    const hashes = await Promise.all(readers)
    const { stdout, status } = await executed
    expect(status).toBe(0)
    expect(new Set(hashes)).toEqual(new Set([stdout.trim()]))
  })
})

describe('jarcast exec with a master of its own', () => {
  it('prints all output of a command while it runs, stdout and stderr apart', async () => {
    const go = join(folder, 'exec.go')
    const command = `echo early; echo oops >&2; while [ ! -e ${go} ]; do sleep 0.05; done; seq 1 50000; exit 4`
    const child = start(['exec', '--master', cluster.url, '--', command])
    const stderr = text(child.stderr)
    let stdout = ''
    for await (const chunk of child.stdout) {
      stdout += String(chunk)
      // The task waits for this reader.
      if (stdout.startsWith('early\n')) await writeFile(go, '')
    }
    const numbers = Array.from({ length: 50_000 }, (_, index) => `${index + 1}\n`)
    expect(stdout).toBe(`early\n${numbers.join('')}`)
    expect(await stderr).toMatch(/^oops$/m)
    expect(child.exitCode ?? (await once(child, 'close'))[0]).toBe(1)
  })
})
