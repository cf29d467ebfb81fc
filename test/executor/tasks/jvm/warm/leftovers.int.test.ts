import { execFile } from 'node:child_process'
import { readFile, readdir } from 'node:fs/promises'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { javaCommand } from '../../../../../scripts/support/machine.mjs'
import type { JvmIsolation } from '../../../../../src/domain/tasks/jvm-isolation.ts'
import type { LibrarySetReference } from '../../../../../src/domain/tasks/task-payload.ts'
import { hasJava } from '../../../../support/java.ts'
import { freePorts } from '../../../../support/servers/free-ports.ts'
import { reportOf } from '../../../support/connection.ts'
import { startHarness } from '../../../support/harness.ts'
import type { Harness } from '../../../support/harness.ts'
import { startLibraryServer } from '../../../support/library-server.ts'
import type { LibraryServer } from '../../../support/library-server.ts'

const jar = fileURLToPath(new URL('../../../fixtures/classes.jar', import.meta.url))
const ended = 'its JVM ended with it'

let server: LibraryServer
let harness: Harness
let librarySet: LibrarySetReference
let lastId = 0

beforeAll(async () => {
  server = await startLibraryServer()
  harness = await startHarness()
  librarySet = server.addSet({ name: 'classes.jar', kind: 'jar', bytes: await readFile(jar) })
})
afterAll(async () => {
  await harness.close()
  await server.close()
})

/** `Leaves` leaves something in the JVM, and prints what an earlier task left. */
async function leave(isolation: JvmIsolation, ...args: readonly string[]) {
  const taskId = `t${++lastId}`
  const work = { kind: 'java', mainClass: 'Leaves', args, isolation, stdin: 'typed\n' } as const
  harness.agent.launch(taskId, work, { librarySet, maxResultBytes: 1_000_000 })
  const { message = '', data = '' } = await harness.agent.last(taskId)
  const { result } = reportOf({ taskId: { value: taskId }, state: 'TASK_FINISHED', data })
  return { message, result }
}

/** The output of a plain `java -cp`. */
async function plain(...args: readonly string[]): Promise<string> {
  const running = promisify(execFile)(javaCommand, ['-cp', jar, 'Leaves', ...args])
  running.child.stdin?.end('typed\n')
  return (await running).stdout
}

/** The memory of all warm JVMs of the harness. */
async function residentMb(): Promise<number> {
  let kilobytes = 0
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (!command.includes(`-jar\0${harness.sandbox}/`)) continue
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    kilobytes += Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0)
  }
  return kilobytes / 1024
}

describe.skipIf(!hasJava())('what a task leaves in a warm JVM', () => {
  it.each(['shared', 'child-first'] as const)('is restored if it is a value, %s', async (mode) => {
    for (let round = 0; round < 2; round += 1) {
      const { message, result } = await leave(mode, 'values')
      expect(result).toBe(await plain('values'))
      expect(message).not.toContain(ended)
    }
  })

  it.each([
    ['properties', 'it changed the system property java.io.tmpdir'],
    ['mbean', 'it has registered MBeans, of leaves'],
    ['urls', 'it has set java.net.URL.factory'],
    ['cookies', 'it has set java.net.CookieHandler.cookieHandler'],
    ['hosts', 'it has set javax.net.ssl.HttpsURLConnection.defaultHostnameVerifier'],
    ['security', 'it has set a security property'],
    ['provider', 'it has changed the security providers'],
    ['logging', 'it has configured java.util.logging'],
    ['daemon', 'its thread "leaves-timer" is left'],
    ['file', 'it has files to delete at exit'],
    ['closed', 'it closed its output'],
    ['unfinished', 'the common pool has work of it'],
  ])('ends the JVM: %s', async (what, reason) => {
    const expected = await plain(what, 'late')
    for (const mode of ['child-first', 'shared'] as const) {
      const { message, result } = await leave(mode, what, 'late')
      expect(result).toBe(expected)
      expect(message).toContain(`${ended}: ${reason}`)
    }
  })

  it('is a port that is free for the next task', async () => {
    const port = String((await freePorts(1))[0])
    for (let round = 0; round < 2; round += 1) {
      const { message, result } = await leave('shared', 'port', port)
      expect(result).toBe('bound\n')
      expect(message).toContain('it left a socket open')
    }
  })

  it('is a hook that runs at the end of its task', async () => {
    for (const label of ['one', 'two']) {
      const { message, result } = await leave('shared', 'hook', label)
      expect(result).toBe(`main ${label}\nhook ${label}\n`)
      expect(message).toContain('it has a shutdown hook')
    }
  })

  it('is no limit and no end of its thread group', async () => {
    for (let round = 0; round < 2; round += 1) {
      const { message, result } = await leave('shared', 'group')
      expect(result).toBe('10\n')
      expect(message).not.toContain(ended)
    }
  })

  it('is nothing after ordinary use of Java', async () => {
    for (const what of ['log', 'scanner', 'encoded', 'closed files', 'closed sockets']) {
      const { message, result } = await leave('child-first', what)
      expect(result).toBe(await plain(what))
      expect(message).not.toContain(ended)
    }
  })

  it('is no memory that adds up over 500 tasks', async () => {
    let largestMb = 0
    for (let index = 0; index < 500; index += 1) {
      if (index % 2 === 0) await leave('shared', 'grow', String(4 * 1024 * 1024))
      else await leave('child-first', index % 100 === 1 ? 'daemon' : 'pin')
      if (index % 10 === 0) largestMb = Math.max(largestMb, await residentMb())
    }
    expect(largestMb).toBeGreaterThan(0)
    // They left 1000 MB in static fields, and a class loader for every other task.
    expect(largestMb).toBeLessThan(700)
  })
})

describe.skipIf(!hasJava())('the output of a task in a warm JVM', () => {
  it.each(['shared', 'child-first'] as const)(
    'is its own, also from the common pool, %s',
    async (mode) => {
      const labels = ['a', 'b', 'c', 'd', 'e', 'f']
      const results = await Promise.all(labels.map((label) => leave(mode, 'pool', label)))
      for (const [index, label] of labels.entries()) {
        // No thread locals and class loader of other tasks, and ServiceLoader finds the jar's
        // service.
        expect(results[index]?.result).toBe(`${`${label}\n`.repeat(2000)}0 true\n`)
      }
    },
  )

  it('is read to its end, task after task', async () => {
    for (const lines of [400, 5000, 1, 5000, 0, 2000, 5000]) {
      const { result } = await leave('child-first', 'print', 'x', String(lines))
      expect(result).toBe(`x${'-'.repeat(98)}\n`.repeat(lines))
    }
  })

  it('includes that of its child processes', async () => {
    expect((await leave('shared', 'process', 'from a process')).result).toBe('from a process\n')
  })

  it('shows that URL handlers are found on the class path', async () => {
    expect((await leave('shared', 'classpath')).result).toBe(await plain('classpath'))
  })
})
