/**
 * The start of the command line: `jarcast --version` beside an empty Node.js program, alone and by
 * `npx` in a project that has both. Wall-clock time, and CPU time of both processes. Needs a build.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { median } from '../support/measure.ts'
import type { Figure } from '../support/measure.ts'

const main = resolve('dist/cli/main.js')
const rounds = 21
/** `npx` takes several times as long as what it starts. */
const npxRounds = 7
/** Of /proc/PID/stat: USER_HZ of Linux. */
const msPerTick = 10

export async function* figures(): AsyncGenerator<Figure> {
  if (!existsSync(main)) throw new Error('this benchmark runs the built program: npm run build')
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-start-'))
  try {
    const empty = join(folder, 'empty.mjs')
    writeFileSync(empty, '#!/usr/bin/env node\n')
    chmodSync(empty, 0o755)
    const node = process.execPath
    yield* compare('jarcast --version', rounds, [node, main, '--version'], [node, empty], folder)
    const bin = join(folder, 'node_modules/.bin')
    mkdirSync(bin, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{"private":true}')
    symlinkSync(main, join(bin, 'jarcast'))
    symlinkSync(empty, join(bin, 'empty'))
    const npx = ['npx', '--no-install', '--offline']
    const [own, other] = [
      [...npx, 'jarcast', '--version'],
      [...npx, 'empty'],
    ]
    yield* compare('npx jarcast --version', npxRounds, own, other, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function* compare(
  what: string,
  count: number,
  own: readonly string[],
  empty: readonly string[],
  cwd: string,
): Generator<Figure, void> {
  const samples = { own: [] as Cost[], empty: [] as Cost[] }
  for (let round = 0; round <= count; round += 1)
    for (const [name, command] of Object.entries({ own, empty })) {
      const cost = costOf(command, cwd)
      // The first round fills the caches of the disk.
      if (round > 0) samples[name as keyof typeof samples].push(cost)
    }
  const wall = (costs: readonly Cost[]) => median(costs.map(({ wallMs }) => wallMs))
  const cpu = (costs: readonly Cost[]) =>
    costs.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / costs.length
  const rows = [
    ['time', wall],
    ['CPU', cpu],
  ] as const
  for (const [kind, of] of rows) {
    const [value, peerValue] = [of(samples.own), of(samples.empty)]
    const peer = 'empty Node.js program'
    const ratio = value / peerValue
    const limit = { atMost: 1.3 }
    yield { case: `${what}: ${kind}`, value, unit: 'ms', peer, peerValue, ratio, limit }
  }
}

interface Cost {
  readonly wallMs: number
  readonly cpuMs: number
}

function costOf([command = '', ...args]: readonly string[], cwd: string): Cost {
  const cpuBefore = childrenMs()
  const startedAt = performance.now()
  const { status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  const wallMs = performance.now() - startedAt
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`)
  return { wallMs, cpuMs: childrenMs() - cpuBefore }
}

/** User and system time of all children that have ended; NaN where the system does not tell. */
function childrenMs(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return (Number(fields[13]) + Number(fields[14])) * msPerTick
  } catch {
    return Number.NaN
  }
}
