import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LibrarySetReference } from '../../../../src/domain/tasks/task-payload.ts'
import { reportOf } from '../../support/connection.ts'
import { startHarness } from '../../support/harness.ts'
import type { Harness } from '../../support/harness.ts'
import { startLibraryServer } from '../../support/library-server.ts'
import type { LibraryServer } from '../../support/library-server.ts'

const source = `
import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
const events = require('events')
const fs = require('fs')
const http = require('http')
const { inspect } = require('util')
const define = (object, key, descriptor) =>
  void Object.defineProperty(object, key, { configurable: true, ...descriptor })

export const pid = () => process.pid
/** Node's own values, some of which are loaded when they are first read. */
export const read = () => {
  new TextDecoder('latin1')
  new Blob(['a']).stream()
  performance.mark('a')
  return [crypto.subtle, CompressionStream, BroadcastChannel, atob, fs.ReadStream].length
}
export const leave = {
  getter: () => define(globalThis, 'crypto', { get: () => 1 }),
  value: () => define(globalThis, 'crypto', { value: 1 }),
  unread: () => { globalThis.DecompressionStream = 1 },
  process: () => { globalThis.process = Object.create(process) },
  listeners: () => { events.defaultMaxListeners = 50 },
  stream: () => { fs.ReadStream = class {} },
  agent: () => { http.globalAgent = new http.Agent() },
  inspection: () => { inspect.defaultOptions.depth = 9 },
  method: () => define(Map.prototype, 'size', { get: () => 1 }),
}
export const leaves = (what) => leave[what]()
export const plugin = async (name) => (await import('./' + name + '.mjs')).default
export const leftByPlugin = () => process.env.OF_PLUGIN ?? null
`

let server: LibraryServer
let harness: Harness
let librarySet: LibrarySetReference
let lastId = 0

beforeAll(async () => {
  server = await startLibraryServer()
  harness = await startHarness()
  const file = (name: string, text: string) =>
    ({ name, kind: 'file', bytes: Buffer.from(text) }) as const
  librarySet = server.addSet(
    file('m.mjs', source),
    file('plugin.mjs', "process.env.OF_PLUGIN = 'set once'\nexport default 'loaded'"),
  )
})
afterAll(async () => {
  await harness.close()
  await server.close()
})

async function call(name: string, ...args: readonly string[]) {
  const taskId = `t${++lastId}`
  const work = { kind: 'js', module: 'm.mjs', export: name, args, isolation: 'shared' } as const
  harness.agent.launch(taskId, work, { librarySet, maxResultBytes: 100_000 })
  const status = await harness.agent.last(taskId)
  const { message = '', state } = status
  return { state, message, ...reportOf(status) }
}

describe('a warm Node.js', () => {
  it('is kept after a task has read what Node loads on use', async () => {
    const { result: pid } = await call('pid')
    for (let round = 0; round < 2; round += 1)
      expect(await call('read')).toMatchObject({ message: 'the function returned', result: 5 })
    expect((await call('pid')).result).toBe(pid)
  })

  it.each([
    ['getter', 'it changed crypto of the globals'],
    ['value', 'it changed crypto of the globals'],
    ['unread', 'it changed DecompressionStream of the globals'],
    ['process', 'it changed process of the globals'],
    ['listeners', 'it changed defaultMaxListeners of EventEmitter'],
    ['stream', 'it changed ReadStream of'],
    ['agent', 'it changed globalAgent of'],
    ['inspection', 'it changed depth of'],
    ['method', 'it changed size of Map'],
  ])('ends with a task that replaces an accessor or its value: %s', async (what, reason) => {
    const { result: pid } = await call('pid')
    const { message, state } = await call('leaves', what)
    expect({ message, state }).toEqual({
      state: 'TASK_FINISHED',
      message: expect.stringContaining(`(its Node.js ended with it: ${reason}`) as string,
    })
    expect((await call('pid')).result).not.toBe(pid)
  })

  // Node.js 20 does not tell what is imported.
  it.skipIf(process.versions.node.startsWith('20.'))(
    'ends with a task whose import changed the environment',
    async () => {
      const { message, result } = await call('plugin', 'plugin')
      expect(result).toBe('loaded')
      expect(message).toContain('it loaded modules and changed environment variables')
      expect((await call('leftByPlugin')).result).toBeNull()
    },
  )
})
