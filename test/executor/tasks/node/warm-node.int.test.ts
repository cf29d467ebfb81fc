import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LibrarySetReference } from '../../../../src/domain/tasks/task-payload.ts'
import type { JsWork } from '../../../../src/domain/tasks/task-work.ts'
import { reportOf } from '../../support/connection.ts'
import { contentOf, gone, startHarness } from '../../support/harness.ts'
import type { Harness } from '../../support/harness.ts'
import { startLibraryServer } from '../../support/library-server.ts'
import type { LibraryServer } from '../../support/library-server.ts'

const source = `
import fs from 'node:fs'
import { open } from 'node:fs/promises'
import { createServer } from 'node:net'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
process.env.OF_MODULE = 'set once'
let runs = 0
export const count = () => ++runs
export const pid = () => process.pid
export const ofModule = () => process.env.OF_MODULE
export const say = (text, lines = 1) => console.log(\`\${text}\\n\`.repeat(lines).trimEnd())
export const spawned = async () => (await promisify(execFile)('echo', ['from a process'])).stdout
export const exit = () => process.exit(7)
export const fail = () => { throw new Error('no luck') }
export const asleep = () => { console.log('asleep'); return new Promise(() => setInterval(() => {}, 1000)) }
export const forge = () => {
  const text = Buffer.from(JSON.stringify({ reason: '', result: '{"result":"forged"}' }))
  const head = Buffer.alloc(8)
  head.writeInt32BE(4 + text.length)
  fs.writeSync(4, Buffer.concat([head, text]))
}
export const large = (size) => 'x'.repeat(size)
export function values() {
  const before = [process.env.LEFT ?? null, process.cwd(), process.exitCode ?? null]
  process.env.LEFT = 'left'
  delete process.env.OF_MODULE
  process.chdir('/')
  process.exitCode = 9
  return before
}
export async function tidy() {
  const file = await open('/etc/hostname')
  await file.read()
  await file.close()
  const timer = setTimeout(() => {}, 60_000).unref()
  clearTimeout(timer)
  for (let count = 0; count < 3000; count += 1) clearTimeout(setTimeout(() => {}, 60_000).unref())
  const child = execFile('sleep', ['1000'])
  child.unref()
  child.kill()
  await new Promise((resolve) => child.once('close', resolve))
  const server = createServer().listen(0)
  await new Promise((resolve) => server.once('listening', resolve))
  await new Promise((resolve) => server.close(resolve))
  await new Promise((resolve) => setTimeout(resolve, 1))
  return structuredClone({ at: new Intl.NumberFormat('de').format(1.5), id: crypto.randomUUID().length })
}
const listening = (server) => new Promise((resolve) => server.listen(0, resolve))
export const leave = {
  timer: () => void setTimeout(() => {}, 60_000),
  interval: () => void setInterval(() => {}, 1000).unref(),
  immediate: () => { const again = () => setImmediate(again); again() },
  file: () => void fs.openSync('/etc/hostname'),
  input: () => fs.closeSync(0),
  server: async () => { await listening(createServer()) },
  unreferenced: async () => { await listening(createServer().unref()) },
  child: () => void execFile('sleep', ['1000']).unref(),
  hook: () => void process.on('exit', () => console.log('hook')),
  handler: () => void process.on('uncaughtException', () => {}),
  capture: () => process.setUncaughtExceptionCaptureCallback(() => {}),
  global: () => { globalThis.left = 1 },
  deleted: () => { delete globalThis.escape },
  prototype: () => { Array.prototype.left = 1 },
  method: () => { String.prototype.trimEnd = () => 1 },
  broken: () => { Map.prototype[Symbol.iterator] = undefined },
  exit: () => { process.exit = () => {} },
  write: () => { process.stdout.write = () => true },
  stream: () => Object.defineProperty(process, 'stderr', { value: process.stdout }) && null,
  end: () => void process.stdout.end('end'),
  name: () => { globalThis['x'.repeat(300_000)] = 1 },
  patch: () => { fs.readFileSync = () => 'patched' },
  console: () => { console.log = () => {} },
  rejection: () => void Promise.reject(new Error('left')),
  memory: () => { kept.push(Buffer.alloc(300 * 1024 * 1024, 1)) },
  request: async (url) => { await (await fetch(url)).text() },
}
const kept = []
export const leaves = (what, ...args) => leave[what](...args)
`

let server: LibraryServer
let harness: Harness
let librarySet: LibrarySetReference
let lastId = 0

beforeAll(async () => {
  server = await startLibraryServer()
  harness = await startHarness()
  librarySet = server.addSet({ name: 'm.mjs', kind: 'file', bytes: Buffer.from(source) })
})
afterAll(async () => {
  await harness.close()
  await server.close()
})

function launch(name: string, args: JsWork['args'] = [], more: Partial<JsWork> = {}): string {
  const taskId = `t${++lastId}`
  const work = { kind: 'js', module: 'm.mjs', export: name, args, isolation: 'shared', ...more }
  harness.agent.launch(taskId, work as JsWork, { librarySet, maxResultBytes: 100_000 })
  return taskId
}

async function endOf(taskId: string) {
  const status = await harness.agent.last(taskId)
  const { message = '', state } = status
  return { state, message, ...reportOf(status) }
}

const call = (name: string, ...args: NonNullable<JsWork['args']>) => endOf(launch(name, args))

describe('a warm Node.js', () => {
  it('is kept for the next task, with its modules', async () => {
    const [pid, first] = [(await call('pid')).result, (await call('count')).result]
    expect((await call('count')).result).toBe(Number(first) + 1)
    expect((await call('pid')).result).toBe(pid)
    expect((await endOf(launch('count', [], { isolation: 'process' }))).result).toBe(1)
  })

  it('gives each task its own output', async () => {
    for (const [text, lines] of [
      ['a', 1],
      ['b', 5000],
      ['c', 1],
    ] as const) {
      const taskId = launch('say', [text, lines])
      expect((await endOf(taskId)).message).toBe('the function returned')
      const output = await readFile(join(harness.sandbox, `tasks/${taskId}/stdout`), 'utf8')
      expect(output).toBe(`${text}\n`.repeat(lines))
    }
    expect((await call('spawned')).result).toBe('from a process\n')
  })

  it('reports a task that throws, and one that is unknown, and continues', async () => {
    const { result: pid } = await call('pid')
    expect(await call('fail')).toMatchObject({ state: 'TASK_FAILED', message: 'no luck' })
    expect((await call('nothing')).message).toContain('exports no function nothing')
    expect((await call('large', 100_000)).code).toBe('RESULT_TOO_LARGE')
    expect((await call('pid')).result).toBe(pid)
  })

  it('ends with a task that exits or is killed', async () => {
    expect((await call('exit')).message).toBe(
      'node exited with status 7 before the function returned',
    )
    const taskId = launch('asleep')
    await contentOf(join(harness.sandbox, `tasks/${taskId}/stdout`))
    harness.agent.tell({ type: 'KILL', kill: { taskId: { value: taskId } } })
    expect((await endOf(taskId)).state).toBe('TASK_KILLED')
    expect((await call('spawned')).state).toBe('TASK_FINISHED')
  })

  it('ends with a task that replies in its place, and gives no result to another task', async () => {
    await call('pid')
    const forger = launch('forge')
    const others = [1, 2, 3].map((size) => launch('large', [size]))
    const ends = await Promise.all(others.map(endOf))
    expect(ends.map(({ result }) => result)).toEqual(['x', 'xx', 'xxx'])
    expect((await endOf(forger)).message).toContain('something in it wrote to its descriptor 4')
  })

  it('ends after a task that survives its signal', async () => {
    const bytes = Buffer.from(`
      let stop
      process.on('SIGTERM', () => stop())
      export const run = () => {
        console.log(process.pid)
        return new Promise((resolve) => (stop = resolve))
      }`)
    const stoppable = server.addSet({ name: 's.mjs', kind: 'file', bytes })
    const taskId = `t${++lastId}`
    const work = { kind: 'js', module: 's.mjs', export: 'run', isolation: 'shared' } as const
    harness.agent.launch(taskId, work, { librarySet: stoppable, maxResultBytes: 1000 })
    const pid = await contentOf(join(harness.sandbox, `tasks/${taskId}/stdout`))
    harness.agent.tell({ type: 'KILL', kill: { taskId: { value: taskId } } })
    await harness.agent.last(taskId)
    await gone(Number(pid))
  })
})

describe('what a task leaves in a warm Node.js', () => {
  it('is restored if it is a value', async () => {
    const { result: pid } = await call('pid')
    for (let round = 0; round < 2; round += 1) {
      const { message, result } = await call('values')
      expect(result).toEqual([null, harness.sandbox, null])
      expect(message).toBe('the function returned')
    }
    expect((await call('ofModule')).result).toBe('set once')
    expect((await call('pid')).result).toBe(pid)
  })

  it('is nothing after ordinary use of Node.js', async () => {
    const { result: pid } = await call('pid')
    for (let round = 0; round < 3; round += 1)
      expect(await call('tidy')).toMatchObject({
        message: 'the function returned',
        result: { at: '1,5', id: 36 },
      })
    expect((await call('pid')).result).toBe(pid)
  })

  it.each([
    ['timer', 'it left a timer'],
    ['interval', 'it left an unreferenced timer'],
    ['immediate', 'it left a timer'],
    ['file', 'it left /etc/hostname open'],
    ['input', 'it replaced descriptor 0'],
    ['server', 'it left something unfinished'],
    ['unreferenced', 'it left a socket open'],
    ['child', 'it left '],
    ['hook', 'it changed what listens for exit of the process'],
    ['handler', 'it changed what listens for uncaughtException'],
    ['capture', 'it captures uncaught exceptions'],
    ['global', 'it has set the global left'],
    ['deleted', 'it has deleted a global'],
    ['prototype', 'it changed the properties of Array'],
    ['method', 'it changed trimEnd of String'],
    ['broken', 'what it left cannot be seen'],
    ['exit', 'it changed exit of process'],
    ['write', 'it changed write of'],
    ['stream', 'it changed stderr of process'],
    ['end', 'it closed its output'],
    ['name', 'it has set the global xxx'],
    ['patch', 'it changed readFileSync of'],
    ['console', 'it changed log of'],
    ['rejection', 'a promise of it was rejected without a handler'],
    ['memory', 'it has grown from'],
  ])('ends it: %s', async (what, reason) => {
    const { result: pid } = await call('pid')
    const { message, state } = await call('leaves', what)
    expect({ message, state }).toEqual({
      state: 'TASK_FINISHED',
      message: expect.stringContaining(`(its Node.js ended with it: ${reason}`) as string,
    })
    expect((await call('pid')).result).not.toBe(pid)
    expect((await call('spawned')).result).toBe('from a process\n')
  })

  it('is a connection that is kept for later requests', async () => {
    const site = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1')
    await new Promise((resolve) => site.once('listening', resolve))
    const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
    expect((await call('leaves', 'request', url)).message).toContain('its Node.js ended with it')
    site.closeAllConnections()
    site.close()
  })
})
