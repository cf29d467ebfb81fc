/** SIGKILL of a program with a cluster of its own: nothing of what it started may stay. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compilerClass, compilerJar, hasJava } from '../../support/java.ts'
import { until } from '../../support/until.ts'

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
const hasProc = existsSync('/proc/self/environ')

let folder = ''

beforeEach(async () => {
  if (!existsSync(main)) throw new Error('these tests run the built program: npm run build')
  folder = await mkdtemp(join(tmpdir(), 'jarcast-killed-'))
})

afterEach(async () => {
  for (const { pid } of processes()) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
  await rm(folder, { recursive: true, force: true })
})

function start(...args: readonly string[]) {
  const env = { ...process.env, JARCAST_CACHE_DIR: join(folder, 'cache'), TMPDIR: folder }
  return spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Everything with the test's folder in its environment or its words, but for what is over. */
function processes(): readonly { readonly pid: number; readonly words: string }[] {
  if (folder === '') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name) && Number(name) !== process.pid)
    .map((name) => ({ pid: Number(name), words: read(`/proc/${name}/cmdline`) }))
    .filter(({ pid, words }) => {
      return words !== '' && (words + read(`/proc/${pid}/environ`)).includes(folder)
    })
}

/** Waits for processes with words that end so: not those with the whole command line of the task among theirs. */
async function untilThere(...ends: readonly string[]): Promise<void> {
  const isThere = (end: string): boolean =>
    processes().some(({ words }) => words.includes(`${end}\0`))
  await until(`processes ${ends.join(', ')}`, () => ends.every(isThere))
}

async function untilGone(): Promise<void> {
  await until('the end of all processes', () => processes().length === 0)
}

async function killHard(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'close')
}

describe.skipIf(!hasProc)('a program that is killed with its cluster', () => {
  it('leaves no shell task, none of its children, and no daemon of it', async () => {
    const tag = `${folder}/tag`
    // Beside the task's own group: another session, a daemon, and one that knows nothing of its sandbox.
    const command =
      `sh -c 'sleep 7001; :' ${tag}-child & setsid sh -c 'sleep 7002; :' ${tag}-session &` +
      ` (setsid sh -c 'sleep 7003; :' ${tag}-daemon &) ;` +
      ` env -i sh -c 'sleep 7004; :' ${tag}-bare & sh -c 'trap "" TERM; sleep 7005; :' ${tag}-deaf`
    const child = start('exec', '--master', 'local', '--json', '--', command)
    const parts = ['child', 'session', 'daemon', 'bare', 'deaf'].map((name) => `${tag}-${name}`)
    await untilThere(...parts)
    await killHard(child)
    await untilGone()
  })

  it('leaves no executor, and no Node task', async () => {
    const file = join(folder, 'wait.mjs')
    await writeFile(
      file,
      `import { spawn } from 'node:child_process'
       export async function wait() {
         spawn('sleep', ['7006'], { detached: true, stdio: 'ignore' })
         await new Promise((resolve) => setTimeout(resolve, 1e9))
       }`,
    )
    const child = start('exec', '--master', 'local', '--json', '--js', `${file}#wait`)
    await untilThere('jarcast-executor.cjs', '.jarcast-host.mjs', '7006')
    await killHard(child)
    await untilGone()
  })

  it.skipIf(!hasJava()).each(['process', 'shared'])('leaves no JVM (%s)', async (isolation) => {
    // A pipe that nobody writes to keeps the program waiting.
    const pipe = join(folder, 'pipe')
    execFileSync('/bin/sh', ['-c', 'mkfifo "$1"', 'sh', pipe])
    const java = ['--isolation', isolation, '--java', compilerClass, '--js', pipe]
    const child = start('exec', '--master', 'local', '--json', '--jar', compilerJar, ...java)
    await untilThere('jarcast-executor.cjs', 'java')
    await killHard(child)
    await untilGone()
  })

  it('ends a group of tasks, and takes the next start to remove the folder', async () => {
    const file = join(folder, 'tasks.mjs')
    const work = { kind: 'shell', command: 'sleep 7007' }
    await writeFile(
      file,
      `export const one = { group: 'g', work: ${JSON.stringify(work)} }
       export const two = { group: 'g', work: ${JSON.stringify(work)} }`,
    )
    const child = start('run', file, '--master', 'local', '--json')
    for await (const line of createInterface(child.stdout)) {
      if (line.includes('TASK_RUNNING') && line.includes('two')) break
    }
    await untilThere('7007')
    await killHard(child)
    await untilGone()
    const leases = (): readonly string[] =>
      readdirSync(folder).filter((name) => name.startsWith('jarcast-'))
    expect(leases()).not.toEqual([])
    const next = start('exec', '--master', 'local', '--', 'true')
    await once(next, 'close')
    expect(next.exitCode).toBe(0)
    expect(leases()).toEqual([])
  })

  it('replaces its watcher, should that be killed first', async () => {
    const child = start('exec', '--master', 'local', '--json', '--', `sleep 7008; : ${folder}`)
    const master = await findMaster(child)
    await untilThere('7008')
    const watcher = await findWatcher(child, 0)
    process.kill(watcher, 'SIGKILL')
    await findWatcher(child, watcher)
    // The new one is told what to watch in the turn of the program that starts it: an answer comes in a later turn.
    await fetch(master)
    await killHard(child)
    await untilGone()
  })
})

/** The address of the master of a program with `--json`, whatever else is printed later. */
async function findMaster({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('a program with a pipe is expected')
  const [line] = await once(createInterface(stdout), 'line')
  return String(JSON.parse(String(line)).master)
}

/** The watcher that a program started, another than `before`; waits for it. */
async function findWatcher({ pid }: ChildProcess, before: number): Promise<number> {
  const find = () =>
    readdirSync('/proc').find((name) => {
      const parent = read(`/proc/${name}/stat`).split(') ')[1]?.split(' ')[1]
      const isWatcher = read(`/proc/${name}/cmdline`).endsWith('jarcast-orphans\0')
      return isWatcher && parent === String(pid) && Number(name) !== before
    })
  return Number(await until(`a watcher of process ${pid} other than ${before}`, find))
}
