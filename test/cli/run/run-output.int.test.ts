/** What tasks write, as `jarcast run` shows it, in its own process and with a master of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../src/local/cluster.ts'
import { faultsOf } from '../../support/json-schema.ts'

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
let folder = ''
let cluster: LocalCluster

const lineCount = 100_000

beforeAll(async () => {
  if (!existsSync(main)) throw new Error('these tests run the built program: npm run build')
  folder = await mkdtemp(join(tmpdir(), 'jarcast-run-output-'))
  cluster = await startLocalCluster({ open: true, agents: 2, allocationIntervalMs: 50 })
  await writeFile(
    join(folder, 'tasks.mjs'),
    `const shell = (id, command, more = {}) => ({ id, work: { kind: 'shell', command }, ...more })
     export default [
       shell('live', 'echo ready; while [ ! -e ${folder}/go ]; do sleep 0.05; done; echo gone >&2'),
       shell('flood', 'seq 1 ${lineCount}'),
       shell('again', 'echo try; [ -e ${folder}/tried ] || { touch ${folder}/tried; exit 1; }',
         { retry: { maxAttempts: 2 } }),
       shell('quiet', 'true'),
     ]
     export function fn() { console.error('of a function'); process.stdout.write('no end') }`,
  )
})

afterAll(async () => {
  await cluster.close()
  await rm(folder, { recursive: true, force: true })
})

function start(...args: readonly string[]) {
  return startCommand('run', ...args)
}

function startCommand(...args: readonly string[]) {
  return spawn(process.execPath, [main, ...args, '--master', cluster.url], {
    cwd: folder,
    env: { ...process.env, JARCAST_CACHE_DIR: join(folder, 'cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** The lines of a task, without the name before them. */
function linesOf(taskId: string, output: string): readonly string[] {
  const prefix = `[${taskId}] `
  return output
    .split('\n')
    .filter((line) => line.startsWith(prefix))
    .map((line) => line.slice(prefix.length))
}

/** Lines of `--json`, which have the form of their schema. */
function eventsIn(output: string): readonly Readonly<Record<string, unknown>>[] {
  const lines = output.trimEnd().split('\n')
  const events = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
  expect(events.flatMap(faultsOf('events'))).toEqual([])
  return events
}

describe('jarcast run', () => {
  it('shows all that its tasks write while they run, each line behind its task', async () => {
    const child = start('tasks.mjs')
    const errors = text(child.stderr)
    let output = ''
    for await (const chunk of child.stdout) {
      output += String(chunk)
      // The task waits for this reader.
      if (output.includes('[live] ready\n')) await writeFile(join(folder, 'go'), '')
    }
    const stderr = await errors
    expect(linesOf('live', output)).toEqual(['ready'])
    expect(linesOf('live', stderr)).toEqual(['gone'])
    const numbers = Array.from({ length: lineCount }, (_, index) => String(index + 1))
    expect(linesOf('flood', output)).toEqual(numbers)
    expect(linesOf('again', output)).toEqual(['try', 'try'])
    expect(linesOf('fn', output)).toEqual(['no end'])
    expect(linesOf('fn', stderr)).toEqual(['of a function'])
    expect(output).toContain('5 of 5 tasks finished')
  })

  it('has it in events, which have the form of their schema', async () => {
    const child = start('tasks.mjs', '--json')
    const [output] = await Promise.all([text(child.stdout), once(child, 'close')])
    const events = eventsIn(output)
    const written = events
      .filter(({ event, taskId }) => event === 'task.output' && taskId === 'flood')
      .map((event) => event['text'])
    const numbers = Array.from({ length: lineCount }, (_, index) => `${index + 1}\n`)
    expect(written.join('') === numbers.join('')).toBe(true)
    expect(events.at(-1)).toMatchObject({ event: 'run.summary', finished: 5 })
  })

  it('shows the lines of a single task as they are, and none with --no-output', async () => {
    await writeFile(
      join(folder, 'one.mjs'),
      "export const one = { work: { kind: 'shell', command: 'echo alone' } }",
    )
    expect(await text(start('one.mjs').stdout)).toMatch(/^alone$/m)
    expect(await text(start('one.mjs', '--no-output').stdout)).not.toMatch(/^alone$/m)
  })
})

describe('jarcast prefetch', () => {
  it('says which agents have the libraries, then sums up', async () => {
    await writeFile(join(folder, 'words.txt'), 'words')
    const json = startCommand('prefetch', '--lib', 'words.txt', '--json')
    const events = eventsIn(await text(json.stdout))
    const ended = events.find(({ event }) => event === 'prefetch.ended')
    expect(ended).toMatchObject({ agents: [{ hostname: 'agent-1' }, { hostname: 'agent-2' }] })
    expect(events.at(-1)).toMatchObject({ event: 'run.summary', tasks: 0 })
    const shown = await text(startCommand('prefetch', '--lib', 'words.txt').stdout)
    expect(shown).toMatch(/^prefetch on agent-2 launched on agent-2$/m)
    expect(shown).toMatch(/^2 of 2 agents ready/m)
  })
})
