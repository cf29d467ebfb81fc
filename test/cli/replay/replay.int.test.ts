import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFileJournal } from '../../../src/journal/writer/file-journal.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import { fingerprintOf } from '../../../src/journal/core/state-hash.ts'
import { setup } from 'xstate'
import { faultsOf } from '../../support/json-schema.ts'
import { outcomeOf } from '../../support/processes/outcome-of.ts'

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
const xstate = import.meta.resolve('xstate')
const fixture = (name: string) =>
  fileURLToPath(new URL(`../../fixtures/journals/${name}.ndjson`, import.meta.url))

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-cli-replay-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

const start = (...args: readonly string[]) =>
  spawn(process.execPath, [main, 'replay', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })

function run(...args: readonly string[]) {
  return outcomeOf(start(...args))
}

const source = `
import { setup } from '${xstate}'
export const orders = setup({ actions: { 'fx.charge': () => {} } }).createMachine({
  id: 'orders',
  initial: 'idle',
  states: {
    idle: { on: { 'order.placed': 'paying' } },
    paying: { entry: 'fx.charge', on: { 'payment.failed': 'idle' } },
  },
})
export const answers = {
  'fx.charge': [{ event: 'payment.failed', outcome: 'failed', which: '', isAbout: () => true }],
}
`
const orders = setup({ actions: { 'fx.charge': () => {} } }).createMachine({
  id: 'orders',
  initial: 'idle',
  states: {
    idle: { on: { 'order.placed': 'paying' } },
    paying: { entry: 'fx.charge', on: { 'payment.failed': 'idle' } },
  },
})

describe('jarcast replay', () => {
  it('shows one task at the time of the clock, with reasons and answers', async () => {
    const shown = await run(fixture('scheduler-work'), '--task', 'failing', '--wall-clock', '--why')
    expect(shown).toMatchObject({ status: 0, stderr: '' })
    expect(shown.stdout).toMatch(/^ +\d+ {2}2026-01-02T03:04:0\S+Z {2}\S+ +mesos\.update failing /m)
    expect(shown.stdout).not.toMatch(/^ +\d+ {2}\S+Z {2}\S+ +mesos\.update plain /m)
    expect(shown.stdout).toMatch(
      /↩ fx\.call ACCEPT \S+ failing: answered by entry \d+, mesos\.update/,
    )
  })

  it('sums a run up', async () => {
    const { status, stdout } = await run(fixture('scheduler-trouble'), '--summary')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^entries {2}35, in 2\.0 s$/m)
    expect(stdout).toMatch(/^events {3}mesos\.subscribed 5, mesos\.update 5, /m)
    expect(stdout).toMatch(/^effects {2}fx\.subscribe 7, /m)
    expect(stdout).toContain(
      '7 failures\n      5  +0.000 s  call.failed ACCEPT unknown: no answer\n',
    )
    expect(stdout).not.toContain('from → to')
    const json = await run(fixture('scheduler-trouble'), '--summary', '--json')
    const lines = json.stdout.trimEnd().split('\n')
    const parsed = lines.map((line) => JSON.parse(line) as object)
    expect(parsed.flatMap(faultsOf('replay'))).toEqual([])
    const summary = parsed.at(-2)
    expect(summary).toMatchObject({ type: 'summary', entries: 35, failed: 7 })
  })

  it.each([
    [['--to', '999'], '--to 999: the journal ends with entry 33'],
    [['--from', '99'], '--from 99: the journal ends with entry 33'],
    [['--actor', 'nobody'], '--actor nobody: no machine of that name did anything'],
    [['--task', 'nobody'], '--task nobody: no entry shown is about a task of that name; they name'],
    [['--follow', '--why'], '--follow cannot be used with --why'],
    [['--machine', 'none.mjs'], '--machine none.mjs: it does not exist'],
  ])('refuses %j', async (args, message) => {
    const { status, stderr } = await run(fixture('scheduler-work'), ...args)
    expect(status).toBe(2)
    expect(stderr).toContain(message)
  })

  it.each([['replay'], ['inspect', '--html', '-']])(
    'needs no temporary folder for a machine of jarcast: %s',
    (...[command = '', ...flags]) => {
      const { status, stderr } = spawnSync(
        process.execPath,
        [main, command, fixture('scheduler-work'), ...flags],
        {
          env: { ...process.env, TMPDIR: '/no/such' },
          stdio: ['ignore', 'ignore', 'pipe'],
          encoding: 'utf8',
        },
      )
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    },
  )

  it('follows a run of a machine of a module until its writer ends', async () => {
    const module = join(folder, 'orders.mjs')
    await writeFile(module, source)
    const header = {
      machine: 'orders',
      version: '1',
      fingerprint: fingerprintOf(orders),
      package: 'shop@1.0.0',
    }
    const path = join(folder, 'run')
    const journal = await openFileJournal(path, { header })
    const runtime = createRuntime(orders, { input: undefined, journal })
    runtime.start()
    runtime.dispatch({ type: 'order.placed' })
    const child = start(path, '--machine', module, '--follow')
    const lines: string[] = []
    for await (const line of createInterface(child.stdout)) {
      lines.push(line)
      if (line.includes('idle → paying'))
        runtime.dispatch({ type: 'payment.failed', message: 'no' })
      if (line.includes('paying → idle')) {
        runtime.stop()
        await journal.close()
      }
    }
    expect(lines.map((line) => line.trim())).toEqual(
      expect.arrayContaining([
        '✗ no',
        'context {}',
        expect.stringMatching(/^state +idle, after entry 2/),
      ]),
    )
    const why = await run(path, '--machine', module, '--why')
    expect(why.stdout).toContain('↩ fx.charge: failed by entry 2, payment.failed')
    expect((await run(path)).stderr).toContain(
      '--machine FILE of jarcast replay and inspect takes it from a module',
    )
    const page = spawn(
      process.execPath,
      [main, 'inspect', path, '--machine', module, '--html', '-'],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    const [html, errors] = await Promise.all([text(page.stdout), text(page.stderr)])
    expect(errors).toBe('')
    const [, head = ''] = /data-run="0" data-part="head">([A-Za-z0-9+/=]*)</.exec(html) ?? []
    const saved = JSON.parse(gunzipSync(Buffer.from(head, 'base64')).toString()) as object
    expect(saved).toMatchObject({ machine: 'orders', lastSeq: 2 })
    // TypeScript that Node cannot run as it is.
    await writeFile(join(folder, 'kinds.ts'), 'export enum Kind { Orders = "orders" }')
    const typed = join(folder, 'typed.mjs')
    const own = source.replace("id: 'orders'", 'id: Kind.Orders')
    await writeFile(typed, `import { Kind } from './kinds.ts'\n${own}`)
    expect((await run(path, '--machine', typed)).stdout).toMatch(/^state +idle, after entry 2/m)
    await writeFile(module, `export const other = 1`)
    expect((await run(path, '--machine', module)).stderr).toContain('exports no machine')
  })
})
