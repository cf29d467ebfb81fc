import { createHash } from 'node:crypto'
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { create } from 'tar'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasJava } from '../support/java.ts'
import { reportOf } from './support/connection.ts'
import { startHarness } from './support/harness.ts'
import type { Harness, HarnessOptions } from './support/harness.ts'
import { startLibraryServer } from './support/library-server.ts'
import type { LibraryFile, LibraryServer } from './support/library-server.ts'

const require = createRequire(import.meta.url)
const runner = 'com.google.javascript.jscomp.CommandLineRunner'

let compiler: LibraryFile
let colors: LibraryFile
let server: LibraryServer
let harness: Harness

beforeAll(async () => {
  const jar = join(
    dirname(require.resolve('google-closure-compiler-java/package.json')),
    'compiler.jar',
  )
  compiler = { name: 'compiler.jar', kind: 'jar', bytes: await readFile(jar) }
  const folder = dirname(require.resolve('picocolors/package.json'))
  const tarball = create({ cwd: folder, gzip: true, prefix: 'package', portable: true }, ['.'])
  colors = { name: 'picocolors.tgz', kind: 'npm', bytes: await buffer(tarball) }
})

beforeEach(async () => {
  server = await startLibraryServer()
  harness = await startHarness()
})

afterEach(async () => {
  await harness.close()
  await server.close()
})

async function restart(options: HarnessOptions): Promise<void> {
  await harness.close()
  harness = await startHarness(options)
}

const small = (name: string, text = `content of ${name}`): LibraryFile => ({
  name,
  kind: 'file',
  bytes: Buffer.from(text),
})

const messages = () =>
  harness.agent.calls.flatMap((call) =>
    call.type === 'MESSAGE'
      ? [JSON.parse(Buffer.from(call.message.data, 'base64').toString()) as Record<string, unknown>]
      : [],
  )

describe.skipIf(!hasJava())('JVM tasks', () => {
  it('load a class from the shipped jar', async () => {
    const librarySet = server.addSet(compiler)
    harness.agent.launch('t', { kind: 'load-class', className: runner }, { librarySet })
    const status = await harness.agent.last('t')
    expect(reportOf(status)).toMatchObject({ result: `successfully loaded ${runner}` })
    expect(status.state).toBe('TASK_FINISHED')
    const stdout = await readFile(join(harness.sandbox, 'tasks/t/stdout'), 'utf8')
    expect(stdout).toBe(`successfully loaded ${runner}\n`)
    // On a slow machine, reports of progress come before it.
    expect(messages().at(-1)).toMatchObject({
      type: 'library.fetched',
      name: 'compiler.jar',
      source: 'server',
    })
  })

  it('fail with CLASS_NOT_FOUND and a stack trace', async () => {
    const librarySet = server.addSet(compiler)
    harness.agent.launch('t', { kind: 'load-class', className: 'no.Such' }, { librarySet })
    harness.agent.launch('m', { kind: 'java', mainClass: 'no.Such' }, { librarySet })
    const loaded = await harness.agent.last('t')
    expect(loaded.message).toBe('class no.Such is in none of the jars')
    expect(reportOf(loaded)).toMatchObject({
      code: 'CLASS_NOT_FOUND',
      exitStatus: 80,
      logTail: expect.stringContaining('ClassNotFoundException'),
    })
    expect(reportOf(await harness.agent.last('m')).code).toBe('CLASS_NOT_FOUND')
  })

  it('run a main class with input and return its output', async () => {
    const librarySet = server.addSet(compiler)
    const stdin = 'function  f ( longName ) { return longName + 1 }\nconsole.log( f( 2 ) );'
    harness.agent.launch('t', { kind: 'java', mainClass: runner, stdin }, { librarySet })
    const status = await harness.agent.last('t')
    expect(reportOf(status).result).toBe('function f(a){return a+1}console.log(f(2));\n')
  })

  it('fail when their JVM is killed', async () => {
    const librarySet = server.addSet(compiler)
    // Reads its input for ever: the shell holds its standard input open.
    const command = `java -cp "$JARCAST_CLASSPATH" ${runner} --version; kill -9 $$`
    harness.agent.launch('t', { kind: 'shell', command }, { librarySet })
    const status = await harness.agent.last('t')
    expect(reportOf(status)).toMatchObject({ signal: 'SIGKILL', code: 'TASK_FAILED' })
    expect(reportOf(status).logTail).toContain('Closure Compiler')
  })

  it('fail when their result is too large', async () => {
    const librarySet = server.addSet(compiler)
    const work = { kind: 'java' as const, mainClass: runner, args: ['--help'] }
    harness.agent.launch('t', work, { librarySet, maxResultBytes: 10 })
    const status = await harness.agent.last('t')
    expect(reportOf(status).code).toBe('RESULT_TOO_LARGE')
    expect(status.message).toContain('the result has more than 10 bytes')
  })
})

describe('Node tasks', () => {
  const source = `import { spawnSync } from 'node:child_process'
import { writeSync } from 'node:fs'
import colors from 'picocolors'
export const paint = (text) => colors.createColors(true).red(text)
export const nothing = () => undefined
export const big = (length) => 'x'.repeat(length)
export const bigint = () => 1n
export async function throws() { console.log('about to'); throw new TypeError('not today') }
export const leaves = () => process.exit(0)
export const circle = () => { const a = {}; a.a = a; return a }
export const unnamed = () => { throw new RangeError('') }
export const throwsNothing = () => { throw '' }
export const threat = (length) => { throw new Error('x'.repeat(length)) }
export const meddles = (text) => { writeSync(4, text); return 'done' }
export const spawns = () => spawnSync('/bin/sh', ['-c', 'echo x >&4']).status
export const waits = () => { setInterval(() => {}, 1000); return Promise.resolve([1, { two: 2 }]) }
`
  const module = small('work.mjs', source)

  async function run(name: string, args: readonly string[] | readonly number[] = []) {
    const librarySet = server.addSet(module, colors)
    harness.agent.launch(
      name,
      { kind: 'js', module: 'work.mjs', export: name, args },
      { librarySet },
    )
    const status = await harness.agent.last(name)
    return { status, report: reportOf(status) }
  }

  it('import shipped packages and return the result of the function', async () => {
    expect((await run('paint', ['red'])).report.result).toBe('\u001b[31mred\u001b[39m')
    expect((await run('nothing')).report.result).toBe(null)
    expect((await run('waits')).report.result).toEqual([1, { two: 2 }])
  })

  it('call an export of a shipped package itself', async () => {
    const librarySet = server.addSet(colors)
    const work = {
      kind: 'js' as const,
      module: 'picocolors',
      export: 'createColors',
      args: [false],
    }
    harness.agent.launch('t', work, { librarySet })
    expect((await harness.agent.last('t')).state).toBe('TASK_FINISHED')
  })

  it('fail with the thrown error', async () => {
    const { status, report } = await run('throws')
    expect(status.message).toBe('not today')
    expect(report.code).toBe('TASK_FAILED')
    expect(report.logTail).toContain('about to')
    expect(report.logTail).toContain('TypeError: not today')
  })

  it('fail with a reason even if the error has no message', async () => {
    expect((await run('unnamed')).status.message).toBe('RangeError')
    expect((await run('throwsNothing')).status.message).toBe("''")
  })

  it('fail with the beginning of a reason that is too long', async () => {
    const { status, report } = await run('threat', [500_000])
    expect(report.code).toBe('TASK_FAILED')
    expect(status.message).toBe('x'.repeat(4096))
  })

  it.each(['garbage', '{"result":1}', 'x'.repeat(100_000)])(
    'fail when they write to the descriptor of the reply (%#)',
    async (text) => {
      const { status, report } = await run('meddles', [text])
      expect(report).toMatchObject({ code: 'TASK_FAILED' })
      expect(status.message).toBe(
        'the task wrote to file descriptor 4, which is reserved for jarcast',
      )
    },
  )

  it('do not pass the descriptor of the reply to their child processes', async () => {
    expect((await run('spawns')).report.result).not.toBe(0)
  })

  it('name the existing exports', async () => {
    const { status } = await run('missing')
    expect(status.message).toContain('work.mjs exports no function missing; it exports big, bigint')
  })

  it('refuse results that are not JSON or too large', async () => {
    for (const name of ['bigint', 'circle']) {
      const { status, report } = await run(name)
      expect(status.message).toContain('the result is not JSON')
      // It is an error of the task, so the stack of the host is of no use.
      expect(report.logTail).toBe(`${status.message}\n`)
    }
    expect((await run('big', [5000])).report.code).toBe('RESULT_TOO_LARGE')
    expect((await run('big', [500_000])).report.code).toBe('RESULT_TOO_LARGE')
  })

  it('fail when the process ends before the function has returned', async () => {
    const { status } = await run('leaves')
    expect(status.message).toBe('node exited with status 0 before the function returned')
  })

  it('are refused if no library has the module', async () => {
    const librarySet = server.addSet(module)
    harness.agent.launch('t', { kind: 'js', module: 'absent', export: 'f' }, { librarySet })
    const status = await harness.agent.last('t')
    expect(reportOf(status).code).toBe('TASK_INVALID')
  })
})

describe('downloads', () => {
  const list: Parameters<Harness['agent']['launch']>[1] = {
    kind: 'shell',
    command: 'cd "$JARCAST_LIBRARIES" && cat *',
  }

  it('fetch a corrupted library again and record it', async () => {
    const librarySet = server.addSet(small('a.txt', 'good'))
    server.fail('a.txt', 'corrupt', 'longer')
    harness.agent.launch('t', list, { librarySet })
    expect(reportOf(await harness.agent.last('t')).logTail).toBe('good')
    expect(messages().map(({ type }) => type)).toEqual([
      'library.corrupted',
      'library.corrupted',
      'library.fetched',
    ])
    expect(await readdir(join(harness.sandbox, 'cache/tmp'))).toEqual([])
  })

  it('retry after an interrupted or refused transfer', async () => {
    const librarySet = server.addSet(small('a.txt', 'good'))
    server.fail('a.txt', 'truncate', 'unavailable', 'reset')
    server.fail('manifest', 'corrupt')
    harness.agent.launch('t', list, { librarySet })
    expect(reportOf(await harness.agent.last('t')).logTail).toBe('good')
  })

  it('fail with the name and URI of the library, and retry for the next task', async () => {
    const librarySet = server.addSet(small('a.txt', 'good'))
    server.fail('a.txt', 'gone')
    harness.agent.launch('t', list, { librarySet })
    const status = await harness.agent.last('t')
    expect(reportOf(status).code).toBe('LIBRARY_UNAVAILABLE')
    expect(status.message).toMatch(/^cannot fetch library a\.txt from http:.*a\.txt: .*404/)
    harness.agent.launch('u', list, { librarySet })
    expect((await harness.agent.last('u')).state).toBe('TASK_FINISHED')
  })

  it('fetch a set once for all tasks, and not at all from a warm cache', async () => {
    const librarySet = server.addSet(
      small('a.txt'),
      small('b.txt'),
      small('same', 'content of b.txt'),
    )
    for (const id of ['t', 'u', 'v']) harness.agent.launch(id, list, { librarySet })
    await Promise.all(['t', 'u', 'v'].map((id) => harness.agent.last(id)))
    expect(server.requests).toHaveLength(3)
    const cacheFolder = join(harness.sandbox, 'cache')
    const second = await startHarness({ cacheFolder })
    second.agent.launch('w', list, { librarySet })
    expect((await second.agent.last('w')).state).toBe('TASK_FINISHED')
    // Nor the manifest.
    expect(server.requests).toHaveLength(3)
    const [linked] = await readdir(join(second.sandbox, 'libraries'))
    const file = await stat(join(second.sandbox, 'libraries', linked ?? '', 'a.txt'))
    const sha256 = createHash('sha256').update(small('a.txt').bytes).digest('hex')
    expect(file.ino).not.toBe((await stat(join(cacheFolder, 'sha256', sha256))).ino)
    expect(file.nlink).toBe(1)
    await second.close()
  })

  it('do not trust changed files in the cache', async () => {
    const librarySet = server.addSet(small('a.txt', 'good'))
    harness.agent.launch('t', list, { librarySet })
    await harness.agent.last('t')
    const cacheFolder = join(harness.sandbox, 'cache')
    const blobs = await readdir(join(cacheFolder, 'sha256'))
    expect(blobs).toContain(librarySet.id)
    for (const blob of blobs) {
      const path = join(cacheFolder, 'sha256', blob)
      await chmod(path, 0o600)
      await writeFile(path, 'evil')
    }
    const second = await startHarness({ cacheFolder })
    second.agent.launch('u', list, { librarySet })
    expect(reportOf(await second.agent.last('u')).logTail).toBe('good')
    await second.close()
  })

  it('do not use a cache folder that other users can write to', async () => {
    const cacheFolder = await mkdtemp(join(tmpdir(), 'jarcast-open-'))
    await chmod(cacheFolder, 0o777)
    await restart({ cacheFolder })
    harness.agent.launch('t', list, { librarySet: server.addSet(small('a.txt', 'good')) })
    expect((await harness.agent.last('t')).state).toBe('TASK_FINISHED')
    expect(await readdir(cacheFolder)).toEqual([])
    await rm(cacheFolder, { recursive: true })
  })

  it.each([{ withDigest: true }, { withDigest: false }])(
    'put the libraries of the argument on every class path (%o)',
    async (options) => {
      const jar: LibraryFile = { name: 'a.jar', kind: 'jar', bytes: Buffer.from('jar') }
      await restart({ seedUris: [server.addPlain(jar, options)] })
      harness.agent.launch('t', { kind: 'shell', command: 'basename "$JARCAST_CLASSPATH"' })
      expect(reportOf(await harness.agent.last('t')).logTail).toBe('0_a.jar\n')
    },
  )

  it('end when the task is killed before they are done', async () => {
    const librarySet = server.addSet(small('a.txt'))
    server.fail('a.txt', ...Array.from({ length: 5 }, () => 'unavailable' as const))
    harness.agent.launch('t', list, { librarySet })
    harness.agent.tell({ type: 'KILL', kill: { taskId: { value: 't' } } })
    const status = await harness.agent.last('t')
    expect(status).toMatchObject({ state: 'TASK_KILLED', message: 'killed before it started' })
  })
})
