/** mesos-go in a process of its own: built from test/bench/wire/go, its modules from the Go proxy. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buildWithGo } from '../support/go.ts'
import type { Cost } from '../support/measure.ts'

/** The path of the program, or why it cannot be built here. */
export async function buildGoPeer(folder: string): Promise<{ program: string } | { why: string }> {
  const why = await buildWithGo('test/bench/wire/go', ['.'], folder)
  return why === undefined ? { program: join(folder, 'wire') } : { why }
}

/** Starts the program; each call of the result lets it work once. */
export function startGoPeer(
  program: string,
  args: readonly string[],
  ends: (() => unknown)[],
): () => Promise<Cost> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  ends.push(() => child.kill())
  const lines = createInterface(child.stdout)
  const exited = once(child, 'exit').then(() => ['it ended'])
  return async () => {
    child.stdin.write('\n')
    const [line] = (await Promise.race([once(lines, 'line'), exited])) as [string]
    const [seconds = Number.NaN, cpuSeconds = Number.NaN] = line.split(' ').map(Number)
    if (!Number.isFinite(cpuSeconds)) throw new Error(`mesos-go answers: ${line}`)
    return { seconds, cpuSeconds }
  }
}
