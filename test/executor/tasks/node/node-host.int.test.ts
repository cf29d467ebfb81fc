import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  nodeHostFile,
  nodeHostSource,
} from '../../../../src/executor/tasks/node/node-host-source.ts'

/** Packages by name: their one file, and how many of them spell the same. */
const modules: Readonly<Record<string, string>> = {
  'object.cjs': 'module.exports = { fn: (a, b) => a + b }',
  'computed.cjs': "const name = 'f' + 'n'; module.exports = { [name]: (a, b) => a + b }",
  'assigned.cjs': 'Object.assign(module.exports, { fn: (a, b) => a + b })',
  'named.cjs': 'exports.fn = (a, b) => a + b',
  'compiled.cjs':
    "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = { fn: (a, b) => a + b }",
  'getter.cjs':
    "Object.defineProperty(exports, 'fn', { enumerable: true, get: () => (a, b) => a + b })",
  'lazy.cjs':
    'module.exports = new Proxy({}, { get: (_, name) => name === "fn" ? (a, b) => a + b : undefined })',
  'again.cjs': "module.exports = { ...require('./object.cjs') }",
  'star.cjs': "module.exports = require('./computed.cjs')",
  'method.cjs': 'module.exports = { add: (a, b) => a + b, fn(a, b) { return this.add(a, b) } }',
  'static.cjs':
    'class Base { static fn(a, b) { return this.add(a, b) } }\nmodule.exports = class extends Base { static add(a, b) { return a + b } }',
  'function.cjs': 'module.exports = function () {}; module.exports.fn = (a, b) => a + b',
  'instance.mjs': 'class Sums { fn(a, b) { return a + b } }\nexport default new Sums()',
  'default.mjs': 'export default { fn: (a, b) => a + b }',
  'plain.mjs': 'export const fn = (a, b) => a + b\nexport default { fn: () => "not this" }',
  'reexport.mjs': "export * from './plain.mjs'",
}

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-node-host-'))
  const home = join(folder, 'node_modules/shapes')
  await mkdir(home, { recursive: true })
  await writeFile(join(folder, nodeHostFile), nodeHostSource)
  await writeFile(join(home, 'package.json'), '{"name":"shapes"}')
  for (const [name, code] of Object.entries(modules)) await writeFile(join(home, name), code)
  const odd = `module.exports = { Tool: class {}, get broken() { throw new Error('not yet') } }`
  await writeFile(join(home, 'odd.cjs'), odd)
  await writeFile(join(home, 'call.cjs'), `module.exports = (a, b) => a + b`)
})
afterAll(() => rm(folder, { recursive: true }))

/** The reply of the host. */
async function call(file: string, name: string): Promise<unknown> {
  const host = spawn(process.execPath, [join(folder, nodeHostFile)], {
    stdio: ['ignore', 'ignore', 'ignore', 'ignore', 'pipe'],
  })
  const channel = host.stdio[4] as Socket
  const module = `shapes/${file}`
  const work = { module, specifier: module, export: name, args: [1, 2], maxResultBytes: 1000 }
  channel.end(JSON.stringify(work))
  const [reply] = await Promise.all([text(channel), once(host, 'exit')])
  return JSON.parse(reply)
}

describe('the Node host', () => {
  it.each(Object.keys(modules))('finds the function in %s', async (file) => {
    expect(await call(file, 'fn')).toEqual({ result: 3 })
  })

  it('calls the function that a CommonJS module is', async () => {
    expect(await call('call.cjs', 'default')).toEqual({ result: 3 })
  })

  it('names the exports if a function is missing', async () => {
    const message = expect.stringContaining('exports no function none; it exports default, add, fn')
    expect(await call('method.cjs', 'none')).toMatchObject({ code: 'TASK_FAILED', message })
  })

  it.each(['toString', 'constructor', 'hasOwnProperty', 'bind'])(
    'does not count %s of every object as an export',
    async (name) => {
      const message = expect.stringContaining(`exports no function ${name}`)
      expect(await call('static.cjs', name)).toMatchObject({ message })
    },
  )

  it('reports a class, and a getter that throws', async () => {
    const message = expect.stringContaining('exports Tool, which is a class')
    expect(await call('odd.cjs', 'Tool')).toMatchObject({ code: 'TASK_FAILED', message })
    expect(await call('odd.cjs', 'broken')).toMatchObject({ message: 'not yet' })
  })
})
