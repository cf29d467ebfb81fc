/**
 * The start of the command line: `jarcast --version` beside an empty Node.js program, alone and by
 * `npx` in a project that has both. Wall-clock time, and CPU time of both processes. Needs a build.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { figureOf } from '../support/measure.ts'
import type { Figure } from '../support/measure.ts'

const main = resolve('dist/cli/main.js')
const rounds = 21
/** `npx` takes several times as long as what it starts. */
const npxRounds = 7

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
  const [ours, theirs]: [Spent[], Spent[]] = [[], []]
  // The first round fills the caches of the disk.
  for (let round = 0; round <= count; round += 1) {
    ours.push(spentBy(own, cwd))
    theirs.push(spentBy(empty, cwd))
  }
  for (const [kind, key] of [
    ['time', 'wallMs'],
    ['CPU', 'cpuMs'],
  ] as const) {
    const [values, peerValues] = [ours, theirs].map((all) => all.slice(1).map((one) => one[key]))
    const row = { case: `${what}: ${kind}`, unit: 'ms', limit: { atMost: 1.3 } }
    yield figureOf(row, values ?? [], ['empty Node.js program', peerValues ?? []])
  }
}

interface Spent {
  readonly wallMs: number
  readonly cpuMs: number
}

/** Measured by bash, which knows the time and the CPU of a command to the millisecond. */
function spentBy([command = '', ...args]: readonly string[], cwd: string): Spent {
  const script = 'TIMEFORMAT="%3R %3U %3S"; time "$@"'
  const measured = ['--norc', '-c', script, '-', command, ...args]
  // In other locales, seconds have a comma.
  const env = { ...process.env, LC_ALL: 'C' }
  const { status, stderr } = spawnSync('bash', measured, { cwd, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`)
  const times = stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? []
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = times
  return { wallMs: wall * 1000, cpuMs: (user + system) * 1000 }
}
