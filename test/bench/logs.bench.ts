/**
 * `jarcast logs -f` of a task that writes 200 MB, in one reader and in ten at once: how far behind
 * the task a reader is, and the memory of its process beside that of an empty Node.js program.
 * Needs a build.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { Figure } from './measure.ts'

const main = resolve('dist/cli/main.js')
const totalBytes = 200_000_000
const bytesPerSecond = 10_000_000

/** Lines with the time of their writing and their number. */
const task = `
import { setTimeout as delay } from 'node:timers/promises'
export async function flood(total, rate) {
  const padding = 'x'.repeat(80)
  const start = Date.now()
  for (let written = 0, number = 0; written < total; ) {
    let lines = ''
    for (let line = 0; line < 200; line += 1) lines += Date.now() + ' ' + number++ + ' ' + padding + '\\n'
    written += lines.length
    if (!process.stdout.write(lines)) await new Promise((go) => process.stdout.once('drain', go))
    const early = (written / rate) * 1000 - (Date.now() - start)
    if (early > 5) await delay(early)
  }
}`

export async function* figures(): AsyncGenerator<Figure> {
  if (!existsSync(main)) throw new Error('this benchmark runs the built program: npm run build')
  const emptyMb = emptyMemoryMb()
  for (const readers of [1, 10]) {
    const read = await measure(readers)
    const what = `200 MB, ${readers === 1 ? '1 reader' : `${readers} readers`}`
    yield { case: `${what}: behind, median`, value: read.medianMs, unit: 'ms' }
    yield { case: `${what}: behind, 99 %`, value: read.p99Ms, unit: 'ms' }
    yield {
      case: `${what}: memory, most of a reader`,
      value: read.peakMb,
      unit: 'MB',
      peer: 'empty Node.js program',
      peerValue: emptyMb,
      ratio: read.peakMb / emptyMb,
    }
  }
}

async function measure(count: number) {
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-logs-'))
  const cluster = await startLocalCluster({ open: true, agents: 1, allocationIntervalMs: 50 })
  try {
    await writeFile(join(folder, 'flood.mjs'), task)
    const work = { kind: 'js', module: './flood.mjs', export: 'flood' }
    const tasks = [{ id: 'flood', work: { ...work, args: [totalBytes, bytesPerSecond] } }]
    await writeFile(join(folder, 'tasks.mjs'), `export default ${JSON.stringify(tasks)}`)
    const args = ['run', 'tasks.mjs', '--master', cluster.url, '--journal', 'run']
    const run = spawn(process.execPath, [main, ...args], { cwd: folder, stdio: 'ignore' })
    const ended = once(run, 'close')
    while (!existsSync(join(folder, 'run/control.sock'))) await delay(20)
    while (
      !execFileSync(process.execPath, [main, 'ps', '--journal', 'run', '--json'], {
        cwd: folder,
      }).includes('flood')
    )
      await delay(20)
    const all = await Promise.all(Array.from({ length: count }, () => follow(folder)))
    await ended
    const lags = all.flatMap(({ lagsMs }) => lagsMs).toSorted((one, other) => one - other)
    return {
      medianMs: lags[Math.floor(lags.length / 2)] ?? Number.NaN,
      p99Ms: lags[Math.floor(lags.length * 0.99)] ?? Number.NaN,
      peakMb: Math.max(...all.map(({ peakMb }) => peakMb)),
    }
  } finally {
    await cluster.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Reads the output of the task to its end; throws if a line is missing or not in order. */
async function follow(folder: string) {
  const args = [main, 'logs', 'flood', '--follow', '--journal', 'run']
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  const lagsMs: number[] = []
  let peakMb = 0
  let rest = ''
  let next = 0
  let bytes = 0
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    bytes += chunk.length
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const number = Number(line.split(' ', 2)[1])
      if (number !== next) throw new Error(`line ${number} came in place of ${next}`)
      next += 1
    }
    const writtenAt = Number(lines[0]?.split(' ', 1)[0] ?? Number.NaN)
    if (Number.isFinite(writtenAt)) lagsMs.push(Date.now() - writtenAt)
    peakMb = Math.max(peakMb, memoryMb(child.pid))
  }
  if (bytes < totalBytes) throw new Error(`only ${bytes} bytes came`)
  return { lagsMs, peakMb }
}

/** Most memory that a process has used so far; 0 where the system does not tell. */
function memoryMb(pid: number | undefined): number {
  try {
    const [, kilobytes = '0'] =
      /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes) / 1024
  } catch {
    return 0
  }
}

function emptyMemoryMb(): number {
  const script = 'console.log(process.resourceUsage().maxRSS / 1024)'
  return Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }))
}
