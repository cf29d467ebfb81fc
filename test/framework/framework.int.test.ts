import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { JarcastError } from '../../src/errors.ts'
import { createFramework } from '../../src/framework/framework.ts'
import type { Framework } from '../../src/framework/framework.ts'
import type { FrameworkOptions } from '../../src/framework/options/options.ts'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import { compilerClass, compilerJar, hasJava } from '../support/java.ts'

const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`
let cluster: LocalCluster
let folder: string
let functions: string
const frameworks: Framework[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-test-'))
  functions = join(folder, 'functions.mjs')
  await writeFile(
    functions,
    `import { EventEmitter } from 'eventemitter3'
export const add = (one, other) => one + other
export const emitted = () => { const e = new EventEmitter(); let seen; e.on('x', (v) => { seen = v }); e.emit('x', 'heard'); return seen }
export const fail = () => { throw new TypeError('no such luck') }
export const large = (bytes) => 'x'.repeat(bytes)
export const circular = () => { const self = {}; self.self = self; return self }
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
`,
  )
  cluster = await startLocalCluster({
    open: true,
    agents: 2,
    allocationIntervalMs: 50,
    executorEnvironment: ({ hostname }) => ({ JARCAST_CACHE_DIR: join(folder, hostname) }),
  })
})

afterEach(async () => {
  await Promise.all(frameworks.splice(0).map((framework) => framework.stop()))
})

afterAll(async () => {
  await cluster.close()
  await rm(folder, { recursive: true })
})

function start(options: Partial<FrameworkOptions> = {}): Framework {
  const framework = createFramework({
    master: cluster.url,
    libraries: [functions, 'node_modules/eventemitter3'],
    ...options,
    executor: { node: process.execPath, environment: { PATH: path }, ...options.executor },
  })
  frameworks.push(framework)
  return framework
}

function js(name: string, ...args: readonly (string | number)[]) {
  return { work: { kind: 'js', module: 'functions.mjs', export: name, args } } as const
}

async function failureOf(run: Promise<unknown>): Promise<JarcastError> {
  const result = await run.catch((error: unknown) => error)
  expect(result).toMatchObject({ name: 'JarcastError' })
  return result as JarcastError
}

describe('createFramework', () => {
  it('runs functions that import a shipped package, on both agents', async () => {
    const framework = start()
    const hosts = new Set<string>()
    framework.on('task.launched', ({ hostname }) => hosts.add(hostname))
    const runs = ['agent-1', 'agent-2'].map((hostname) =>
      framework.run({ ...js('emitted'), constraints: { hostname } }),
    )
    expect(await Promise.all(runs)).toEqual(['heard', 'heard'])
    expect([...hosts].toSorted()).toEqual(['agent-1', 'agent-2'])
  })

  it('fetches libraries once per host, then takes them from its cache', async () => {
    const framework = start()
    const sources: string[] = []
    framework.on('library.fetched', ({ source }) => sources.push(source))
    await framework.run({ ...js('add', 1, 2), constraints: { hostname: 'agent-1' } })
    const again = start({ name: 'again' })
    again.on('library.fetched', ({ source }) => sources.push(source))
    expect(await again.run({ ...js('add', 20, 22), constraints: { hostname: 'agent-1' } })).toBe(42)
    await Promise.all([framework.drain(), again.drain()])
    expect(sources.slice(-2)).toEqual(['cache', 'cache'])
  })

  it('gives an error with state, reason, message and log tail', async () => {
    const error = await failureOf(start().run({ ...js('fail'), id: 'unlucky' }))
    expect(error.code).toBe('TASK_FAILED')
    expect(error.details).toMatchObject({
      taskId: 'unlucky',
      state: 'TASK_FAILED',
      reason: expect.stringMatching(/^REASON_/),
      message: expect.stringContaining('no such luck'),
      logTail: expect.stringContaining('TypeError: no such luck'),
    })
  })

  it('continues with the others when one task fails', async () => {
    const framework = start()
    const [failed, added] = await Promise.allSettled([
      framework.run(js('fail')),
      framework.run(js('add', 1, 1)),
    ])
    expect([failed.status, added]).toEqual(['rejected', { status: 'fulfilled', value: 2 }])
  })

  it('refuses a result that is too large, or is no JSON', async () => {
    const framework = start()
    const large = failureOf(framework.run({ ...js('large', 5000), maxResultBytes: 1000 }))
    expect((await large).code).toBe('RESULT_TOO_LARGE')
    const circular = await failureOf(framework.run(js('circular')))
    expect(circular.message).toMatch(/circular|JSON/)
  })

  it('tries a failing task again as often as its policy says', async () => {
    const framework = start()
    const attempts: number[] = []
    framework.on('task.launched', ({ attempt }) => attempts.push(attempt))
    await failureOf(framework.run({ ...js('fail'), retry: { maxAttempts: 3 } }))
    expect(attempts).toEqual([1, 2, 3])
  })

  it('kills a task that runs', async () => {
    const framework = start()
    const run = framework.run({ ...js('sleep', 600_000), id: 'long' })
    framework.on('task.updated', ({ state }) => {
      if (state === 'TASK_RUNNING') framework.kill('long')
    })
    expect((await failureOf(run)).details).toMatchObject({ state: 'TASK_KILLED' })
  })

  it('runs plain commands when there is nothing to ship, without a jar server', async () => {
    const framework = start({ libraries: [] })
    await framework.run({ work: { kind: 'shell', command: 'true' } })
    expect(framework.jarServer).toBeUndefined()
    const failed = await failureOf(framework.run({ work: { kind: 'shell', command: 'exit 7' } }))
    expect(failed.message).toContain('Command exited with status 7')
  })

  it('refuses work that needs libraries when there are none', async () => {
    const error = await failureOf(start({ libraries: [] }).run(js('add', 1, 1)))
    expect(error.code).toBe('TASK_INVALID')
  })

  it('drains: waits for what was submitted, then tears the framework down', async () => {
    const framework = start()
    const run = framework.run(js('sleep', 300))
    await framework.start()
    await framework.drain()
    await expect(run).resolves.toBeNull()
    await expect(framework.run(js('add', 1, 1))).rejects.toMatchObject({
      code: 'FRAMEWORK_STOPPED',
    })
  })

  it('rejects what still runs when it is stopped', async () => {
    const framework = start()
    const run = failureOf(framework.run(js('sleep', 600_000)))
    await new Promise<void>((resolve) => framework.on('task.updated', () => resolve()))
    await framework.stop()
    expect((await run).code).toBe('FRAMEWORK_STOPPED')
  })

  it('speaks JSON as well', async () => {
    expect(await start({ codec: 'json' }).run(js('add', 2, 3))).toBe(5)
  })

  it("runs a script of the user's in place of its executor, with the libraries as one argument", async () => {
    const script = join(folder, 'run-executor.sh')
    // The seed's form: the script hands the URIs on to an executor of its own, here jarcast's.
    const bundle = join(process.cwd(), 'dist/executor/jarcast-executor.cjs')
    await writeFile(script, `exec ${process.execPath} ${bundle} "$1"\n`)
    const framework = start({ libraries: [functions], executor: { script } })
    await framework.run({
      work: { kind: 'shell', command: `test -f "$JARCAST_LIBRARIES/functions.mjs" || ls -R .` },
    })
  })
})

describe('bad input', () => {
  it('refuses a library that is not there before anything is registered', async () => {
    const framework = start({ libraries: [join(folder, 'missing.jar')] })
    let isRegistered = false
    framework.on('framework.registered', () => (isRegistered = true))
    const error = await failureOf(framework.start())
    expect(error).toMatchObject({
      code: 'LIBRARY_NOT_FOUND',
      message: expect.stringContaining('missing.jar'),
    })
    expect(isRegistered).toBe(false)
  })

  it('refuses a folder that is no package', async () => {
    expect(await failureOf(start({ libraries: [folder] }).start())).toMatchObject({
      code: 'LIBRARY_NOT_A_FILE',
    })
  })

  it('gives up on a master that is not there, saying so on the way', async () => {
    const framework = start({ master: 'http://127.0.0.1:9', timeoutMs: 1500, libraries: [] })
    const losses: string[] = []
    framework.on('framework.disconnected', ({ code }) => losses.push(code))
    const error = await failureOf(framework.start())
    expect(error.code).toBe('MASTER_UNREACHABLE')
    expect(new Set(losses)).toEqual(new Set(['MASTER_UNREACHABLE']))
  })

  it("reports the master's reason when it refuses the framework", async () => {
    const offerConstraints = { roleConstraints: { foreign: {} } }
    const error = await failureOf(start({ libraries: [], offerConstraints }).start())
    expect(error).toMatchObject({
      code: 'MASTER_REJECTED',
      message: expect.stringContaining("a role 'foreign'"),
    })
  })
})

describe.skipIf(!hasJava())('JVM tasks', () => {
  it('load a class out of a shipped jar and use it for real', async () => {
    const framework = start({ libraries: [compilerJar] })
    const script =
      'function add ( one, other ) { return one + other }  console.log( add( 20, 22 ) )'
    const [loaded, minified] = await Promise.all([
      framework.run({ work: { kind: 'load-class', className: compilerClass } }),
      framework.run({ work: { kind: 'java', mainClass: compilerClass, stdin: script } }),
    ])
    expect(loaded).toBe(`successfully loaded ${compilerClass}`)
    expect(minified).toBe('function add(a,b){return a+b}console.log(add(20,22));\n')
  })

  it('name a class that is in no jar', async () => {
    const framework = start({ libraries: [compilerJar] })
    const error = await failureOf(
      framework.run({ work: { kind: 'load-class', className: 'org.example.Missing' } }),
    )
    expect(error.code).toBe('CLASS_NOT_FOUND')
    expect(error.details['logTail']).toContain('ClassNotFoundException')
  })
})
