/**
 * `jarcast logs -f` of a task that writes 200 MB, in one reader and in ten at once: how far behind
 * the task the readers are, and what memory and processor time they and the processes that serve
 * them take. A reader that misses a byte ends the benchmark. Needs a build, and Linux.
 */
import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { cpuSecondsOf, emptyMemoryMb, forgetPeak, memoryMb } from '../support/process-usage.ts'
import type { Figure } from '../support/measure.ts'

const main = resolve('dist/cli/main.js')
const totalBytes = 200_000_000
const bytesPerSecond = 10_000_000

/** Lines of 100 bytes, which begin with the time of their writing; the readers are there first. */
const task = `
import { setTimeout as delay } from 'node:timers/promises'
export async function flood(total, rate) {
  const padding = 'x'.repeat(75)
  await delay(5000)
  const start = Date.now()
  for (let written = 0, number = 0; written < total; ) {
    let lines = ''
    for (let line = 0; line < 200; line += 1) lines += Date.now() + ' ' + String(number++).padStart(9) + ' ' + padding + '\\n'
    written += lines.length
    if (!process.stdout.write(lines)) await new Promise((go) => process.stdout.once('drain', go))
    const early = (written / rate) * 1000 - (Date.now() - start)
    if (early > 5) await delay(early)
  }
}`

export async function* figures(): AsyncGenerator<Figure> {
  if (!existsSync(main)) throw new Error('this benchmark runs the built program: npm run build')
  const emptyMb = emptyMemoryMb()
  for (const count of [1, 10]) {
    const run = await measure(count)
    const what = `200 MB, ${count === 1 ? '1 reader' : `${count} readers`}`
    const lagsMs = run.readers.flatMap((reader) => reader.lagsMs).toSorted((a, b) => a - b)
    const behind = (part: number) => lagsMs[Math.floor(lagsMs.length * part)] ?? Number.NaN
    yield { case: `${what}: behind, median`, value: behind(0.5), unit: 'ms' }
    const limit = { atMost: 300 }
    yield { case: `${what}: behind, 99 %`, value: behind(0.99), unit: 'ms', limit }
    const peakMb = Math.max(...run.readers.map((reader) => reader.peakMb))
    yield {
      case: `${what}: memory of a reader over an empty Node.js program`,
      value: peakMb - emptyMb,
      unit: 'MB',
      limit: { atMost: 32 },
    }
    for (const [name, value] of Object.entries(run.grownMb)) {
      const limit = { atMost: 32 }
      yield { case: `${what}: memory more in the ${name}`, value, unit: 'MB', limit }
    }
    const gigabytes = (count * totalBytes) / 1e9
    const readerCpu = run.readers.reduce((sum, reader) => sum + reader.cpuSeconds, 0)
    yield { case: `${what}: CPU of readers`, value: readerCpu / gigabytes, unit: 's/GB' }
    yield { case: `${what}: CPU of agent`, value: run.agentCpu / gigabytes, unit: 's/GB' }
  }
}

async function measure(count: number) {
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-logs-'))
  const cluster = start(folder, ['local', '--agents', '1', '--port', '0', '--work-dir', 'work'])
  try {
    const run = await startRun(folder, await firstLine(cluster))
    const served = { agent: cluster.pid ?? 0, framework: run.pid ?? 0 }
    const before = Object.values(served).map((pid) => memoryMb(pid).nowMb)
    Object.values(served).forEach(forgetPeak)
    const cpuBefore = cpuSecondsOf(served.agent)
    const readers = Promise.all(Array.from({ length: count }, () => follow(folder)))
    const over = readers.then(
      () => true,
      () => true,
    )
    let after = before
    while (!(await Promise.race([over, delay(200)])) && run.exitCode === null)
      after = Object.values(served).map((pid) => memoryMb(pid).peakMb)
    const all = await readers
    const agentCpu = cpuSecondsOf(served.agent) - cpuBefore
    const digest = await digestOf(await outputIn(join(folder, 'work')))
    if (all.some((reader) => reader.digest !== digest)) throw new Error('a reader has other bytes')
    const grown = after.map((megabytes, index) => megabytes - (before[index] ?? 0))
    return { readers: all, agentCpu, grownMb: { agent: grown[0] ?? 0, framework: grown[1] ?? 0 } }
  } finally {
    cluster.kill('SIGTERM')
    await once(cluster, 'close')
    await rm(folder, { recursive: true, force: true })
  }
}

function start(folder: string, args: readonly string[]): ChildProcess {
  const stdio = ['ignore', 'pipe', 'inherit'] as const
  return spawn(process.execPath, [main, ...args], { cwd: folder, stdio: [...stdio] })
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  const lines = createInterface(stdout as Readable)
  const [line] = (await once(lines, 'line')) as [string]
  return (JSON.parse(line) as { readonly url: string }).url
}

/** Resolves when the task is known. */
async function startRun(folder: string, master: string): Promise<ChildProcess> {
  await writeFile(join(folder, 'flood.mjs'), task)
  const work = { kind: 'js', module: './flood.mjs', export: 'flood' }
  const tasks = [{ id: 'flood', work: { ...work, args: [totalBytes, bytesPerSecond] } }]
  await writeFile(join(folder, 'tasks.mjs'), `export default ${JSON.stringify(tasks)}`)
  const args = ['run', 'tasks.mjs', '--master', master, '--journal', 'run', '--no-output']
  const run = spawn(process.execPath, [main, ...args], { cwd: folder, stdio: 'ignore' })
  const ps = [main, 'ps', '--journal', 'run', '--json']
  while (!existsSync(join(folder, 'run/control.sock'))) await delay(20)
  while (!execFileSync(process.execPath, ps, { cwd: folder }).includes('flood')) await delay(20)
  return run
}

/** Reads the output of the task to its end; throws if a line is not where it belongs. */
async function follow(folder: string) {
  const child = start(folder, ['logs', 'flood', '--follow', '--journal', 'run'])
  const lagsMs: number[] = []
  const hash = createHash('sha256')
  let [bytes, peakMb, cpu] = [0, 0, 0]
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    hash.update(chunk)
    const start = (100 - (bytes % 100)) % 100
    const line = chunk.toString('latin1', start, start + 100)
    const [, writtenAt, number] = /^(\d{13}) +(\d+) x/.exec(line) ?? []
    if (writtenAt !== undefined) {
      lagsMs.push(Date.now() - Number(writtenAt))
      if (Number(number) !== (bytes + start) / 100) throw new Error(`line ${number} at ${bytes}`)
    }
    bytes += chunk.length
    peakMb = Math.max(
      peakMb,
      usageOf(child, ({ pid = 0 }) => memoryMb(pid).peakMb),
    )
    cpu = Math.max(
      cpu,
      usageOf(child, ({ pid = 0 }) => cpuSecondsOf(pid)),
    )
  }
  if (bytes < totalBytes) throw new Error(`only ${bytes} bytes came`)
  return { lagsMs, peakMb, cpuSeconds: cpu, digest: hash.digest('hex') }
}

/** 0 once it has ended. */
function usageOf(child: ChildProcess, read: (child: ChildProcess) => number): number {
  try {
    return read(child) || 0
  } catch {
    return 0
  }
}

async function outputIn(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true })
  const name = names.find((each) => each.endsWith('/tasks/flood/stdout'))
  if (name === undefined) throw new Error('the task has no output')
  return join(folder, name)
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
