import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { javaCommand } from '../../../../../scripts/support/machine.mjs'
import type { JavaWork } from '../../../../../src/domain/tasks/task-work.ts'
import type { LibrarySetReference } from '../../../../../src/domain/tasks/task-payload.ts'
import { hasJava } from '../../../../support/java.ts'
import { makeZip } from '../../../../support/archives/zip.ts'
import { reportOf } from '../../../support/connection.ts'
import { contentOf, startHarness } from '../../../support/harness.ts'
import type { Harness } from '../../../support/harness.ts'
import { startLibraryServer } from '../../../support/library-server.ts'
import type { LibraryServer } from '../../../support/library-server.ts'

const jar = new URL('../../../fixtures/classes.jar', import.meta.url)

let server: LibraryServer
let harness: Harness
let librarySet: LibrarySetReference

beforeEach(async () => {
  server = await startLibraryServer()
  harness = await startHarness()
  librarySet = server.addSet({ name: 'classes.jar', kind: 'jar', bytes: await readFile(jar) })
})
afterEach(async () => {
  await harness.close()
  await server.close()
})

/** `Warm` does what its arguments say. */
function warm(isolation: JavaWork['isolation'], ...args: readonly string[]): JavaWork {
  return { kind: 'java', mainClass: 'Warm', args, ...(isolation && { isolation }) }
}

async function run(taskId: string, work: JavaWork, set = librarySet) {
  harness.agent.launch(taskId, work, { librarySet: set })
  const status = await harness.agent.last(taskId)
  return { status, report: reportOf(status) }
}

function kill(taskId: string): void {
  harness.agent.tell({ type: 'KILL', kill: { taskId: { value: taskId } } })
}

/** The set with another version of `Warm`: its constant is changed in the class file itself. */
async function otherVersion(): Promise<LibrarySetReference> {
  const packed = await readFile(jar)
  const at = packed.indexOf('Warm.class') - 30
  const start = at + 30 + packed.readUInt16LE(at + 26) + packed.readUInt16LE(at + 28)
  const content = inflateRawSync(packed.subarray(start))
  content.write('version two', content.indexOf('version one'))
  const bytes = makeZip([{ name: 'Warm.class', content }])
  return server.addSet({ name: 'classes.jar', kind: 'jar', bytes })
}

describe.skipIf(!hasJava())('a warm JVM', () => {
  it('shares a class loader among the tasks of a set', async () => {
    const results = []
    for (const id of ['a', 'b', 'c'])
      results.push((await run(id, warm('shared', 'count'))).report.result)
    expect(results).toEqual(['1\n', '2\n', '3\n'])
  })

  it('gives each task its own classes, if its jars come first', async () => {
    const results = []
    for (const id of ['a', 'b'])
      results.push((await run(id, warm('child-first', 'count'))).report.result)
    expect(results).toEqual(['1\n', '1\n'])
  })

  it.each(['shared', 'child-first'] as const)(
    'has two versions of a class side by side, %s',
    async (isolation) => {
      const other = await otherVersion()
      expect((await run('a', warm(isolation, 'version'))).report.result).toBe('version one\n')
      expect((await run('b', warm(isolation, 'version'), other)).report.result).toBe(
        'version two\n',
      )
      expect((await run('c', warm(isolation, 'version'))).report.result).toBe('version one\n')
    },
  )

  it('sets the context class loader', async () => {
    expect((await run('a', warm('shared', 'loader'))).report.result).toBe('true\n')
    expect((await run('b', warm('child-first', 'loader'))).report.result).toBe('true\n')
  })

  it('takes names with the given prefixes from the parent before its jars', async () => {
    const broken = makeZip([{ name: 'JarcastHost.class', content: 'no class' }])
    const set = server.addSet({ name: 'broken.jar', kind: 'jar', bytes: broken })
    const load = { kind: 'load-class', className: 'JarcastHost', isolation: 'child-first' } as const
    harness.agent.launch('own', load, { librarySet: set })
    expect(reportOf(await harness.agent.last('own')).code).toBe('CLASS_NOT_FOUND')
    harness.agent.launch('told', { ...load, parentFirst: ['Jarcast'] }, { librarySet: set })
    expect((await harness.agent.last('told')).state).toBe('TASK_FINISHED')
  })

  it('gives each task its input, and waits for its threads', async () => {
    const [asked, threaded] = await Promise.all([
      run('a', { ...warm('shared', 'ask'), stdin: 'größer\n' }),
      run('b', warm('shared', 'thread')),
    ])
    expect(asked.report.result).toBe('größer\n')
    expect(threaded.report.result).toBe('from a thread\n')
    expect(await readFile(join(harness.sandbox, 'tasks/b/stdout'), 'utf8')).toBe('from a thread\n')
  })

  it('reports a task that throws, and continues', async () => {
    const { status, report } = await run('a', warm('shared', 'throw'))
    expect(status).toMatchObject({ state: 'TASK_FAILED', message: 'java exited with status 1' })
    expect(report.logTail).toContain('java.lang.IllegalStateException: no luck')
    expect((await run('b', warm('shared', 'count'))).report.result).toBe('1\n')
  })

  it('reports a class that is in none of the jars', async () => {
    const { report } = await run('a', { kind: 'java', mainClass: 'Nowhere', isolation: 'shared' })
    expect(report.code).toBe('CLASS_NOT_FOUND')
  })

  it('loads classes', async () => {
    const work = { kind: 'load-class', className: 'Echo', isolation: 'shared' } as const
    harness.agent.launch('a', work, { librarySet })
    expect(reportOf(await harness.agent.last('a')).result).toBe('successfully loaded Echo')
  })

  it('ends the JVM of a task that is killed, hooks first', async () => {
    harness.agent.launch('a', warm('shared', 'hooked'), { librarySet })
    await contentOf(join(harness.sandbox, 'tasks/a/stdout'))
    kill('a')
    const status = await harness.agent.last('a')
    expect(status).toMatchObject({
      state: 'TASK_KILLED',
      message: 'killed: java exited with status 143',
    })
    expect(reportOf(status).logTail).toBe('asleep\nhooked\n')
  })

  it('ends a task that is killed before there is a JVM for it', async () => {
    harness.agent.launch('a', warm('shared', 'sleep'), { librarySet })
    kill('a')
    expect((await harness.agent.last('a')).state).toBe('TASK_KILLED')
  })

  it('kills a task that does not end, but no other', async () => {
    harness.agent.launch('a', warm('shared', 'deaf'), { librarySet, graceMs: 100 })
    harness.agent.launch('b', warm('shared', 'ask', 'b'), { librarySet })
    await contentOf(join(harness.sandbox, 'tasks/a/stdout'))
    kill('a')
    expect(await harness.agent.last('a')).toMatchObject({
      state: 'TASK_KILLED',
      message: 'killed: java killed by SIGKILL',
    })
    expect((await run('c', warm('shared', 'version'))).report.result).toBe('version one\n')
  })

  it('judges only the task that calls System.exit by its status', async () => {
    harness.agent.launch('b', warm('shared', 'sleep'), { librarySet })
    await contentOf(join(harness.sandbox, 'tasks/b/stdout'))
    const { status, report } = await run('a', warm('shared', 'exit', '3'))
    expect(status).toMatchObject({ state: 'TASK_FAILED', message: 'java exited with status 3' })
    expect(report.logTail).toBe('leaving\n')
    kill('b')
    expect((await harness.agent.last('b')).state).toBe('TASK_KILLED')
  })

  it('does not trust a class that ends its JVM and reports itself as loaded', async () => {
    const work = { kind: 'load-class', className: 'Forger', isolation: 'shared' } as const
    harness.agent.launch('a', work, { librarySet })
    expect((await harness.agent.last('a')).message).toContain('before class Forger was loaded')
  })

  it('counts System.exit with 0 as success', async () => {
    const { status, report } = await run('a', warm('shared', 'exit', '0'))
    expect(status.state).toBe('TASK_FINISHED')
    expect(report.result).toBe('leaving\n')
  })

  it('counts bytes written without System.out as output of the task', async () => {
    const { report } = await run('a', warm('shared', 'past'))
    expect(report.result).toBe('past all of it\nfrom a process\nnot past it\n')
  })

  it('ignores bytes written to standard input', async () => {
    expect((await run('a', warm('shared', 'break'))).status.state).toBe('TASK_FAILED')
    expect((await run('b', warm('shared', 'count'))).report.result).toBe('1\n')
  })

  it('limits the size of a result', async () => {
    harness.agent.launch('a', warm('shared', 'version'), { librarySet, maxResultBytes: 5 })
    expect(reportOf(await harness.agent.last('a')).code).toBe('RESULT_TOO_LARGE')
  })

  it('is not used for tasks with an environment or a JDBC driver, with a reason', async () => {
    const service = { name: 'META-INF/services/java.sql.Driver', content: Buffer.from('Warm') }
    const driver = { name: 'driver.jar', kind: 'jar' as const, bytes: makeZip([service]) }
    const classes = { name: 'classes.jar', kind: 'jar' as const, bytes: await readFile(jar) }
    const withDriver = server.addSet(classes, driver)
    for (const id of ['a', 'b']) {
      const { status, report } = await run(id, warm('shared', 'count'), withDriver)
      expect(report.result).toBe('1\n')
      expect(status.message).toContain('in a JVM of its own: driver.jar has a JDBC driver')
    }
    harness.agent.launch('c', warm('shared', 'count'), { librarySet, environment: { A: 'b' } })
    expect((await harness.agent.last('c')).message).toContain('environment variables of its own')
  })

  it('is not used for a Java in which it does not start, with a reason', async () => {
    await harness.close()
    const home = await mkdtemp(join(tmpdir(), 'jarcast-java-'))
    await mkdir(join(home, 'bin'))
    const script = `#!/bin/sh
case $1 in -jar) echo no such option >&2; exit 1;; esac
exec ${javaCommand} "$@"`
    await writeFile(join(home, 'bin/java'), script, { mode: 0o755 })
    harness = await startHarness({ env: { JAVA_HOME: home } })
    try {
      const { status, report } = await run('a', warm('shared', 'version'))
      expect(report.result).toBe('version one\n')
      expect(status.message).toContain('no warm JVM could be started (status 1: no such option)')
    } finally {
      await rm(home, { recursive: true })
    }
  })
})
