/** Runs benchmarks one after another, each in a process group of its own that ends with it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { aboutOf } from './benchmarks.mjs'
import { machine } from './machine.mjs'

const program = fileURLToPath(new URL('run-one.mjs', import.meta.url))
/** The longest benchmark takes less than two minutes on an idle machine. */
const patienceMs = 600_000
const graceMs = 3000

/**
 * Yields the lines of one benchmark: its figures as they come, peers that are skipped, then
 * when, where and how long it was measured, or why it failed. `signal` ends it.
 */
export async function* runBenchmark(bench, signal) {
  const startedAt = performance.now()
  // Whatever a benchmark leaves behind when it is ended is in this folder.
  const folder = mkdtempSync(join(tmpdir(), 'jb-'))
  const child = spawn(process.execPath, [program, bench], {
    detached: true,
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const end = () => killGroup(child.pid)
  signal.addEventListener('abort', end)
  const timeout = setTimeout(end, patienceMs)
  const output = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => output.push(line))
  }
  // Else what it has left running would keep its output open.
  child.once('exit', () => killNow(child.pid))
  try {
    const closed = once(child, 'close')
    yield* messages()
    const [status, ended] = await closed
    for (const line of skippedIn(output)) yield { bench, ...line }
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10
    if (status === 0) yield { bench, about: aboutOf(bench), measured: { ...machine(), seconds } }
    else yield { bench, failed: reasonOf(status, ended, output, signal) }
  } finally {
    clearTimeout(timeout)
    signal.removeEventListener('abort', end)
    killNow(child.pid)
    remove(folder)
  }

  async function* messages() {
    const waiting = []
    let wake = () => undefined
    let isOver = false
    child.on('message', (figure) => {
      waiting.push(figure)
      wake()
    })
    child.on('close', () => {
      isOver = true
      wake()
    })
    for (;;) {
      while (waiting.length > 0) yield { bench, ...waiting.shift() }
      if (isOver) return
      await new Promise((resolve) => (wake = resolve))
    }
  }
}

/** Peers that this machine cannot have, as the benchmarks and `hasTool` print them. */
function skippedIn(output) {
  return output.flatMap((line) => {
    const [, peer = '', skipped] = /^(?:(.+?): )?skipped: (.+)$/.exec(line) ?? []
    return skipped === undefined ? [] : [{ peer, skipped }]
  })
}

function reasonOf(status, ended, output, signal) {
  if (signal.aborted) return 'interrupted'
  if (ended) return `ended by ${ended}; at most ${patienceMs / 60_000} minutes are given`
  // Not the line of the source, which Node prints before.
  const error = output.find((line) => /^\w*Error\b.*: /.test(line)) ?? output.at(-1)
  return error ?? `ended with status ${status} and no output`
}

/** A folder that cannot be removed ends no other benchmark. */
function remove(folder) {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  } catch (error) {
    console.error(`${folder} could not be removed: ${error.message}`)
  }
}

/** Asks all processes of a benchmark to end, then ends them. */
function killGroup(pid) {
  signalGroup(pid, 'SIGTERM')
  setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs).unref()
}

function killNow(pid) {
  signalGroup(pid, 'SIGKILL')
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal)
  } catch {
    // All have ended.
  }
}
