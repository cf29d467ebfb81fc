import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { hasJava } from '../../../support/java.ts'
import type { TaskWork } from '../../../../src/domain/tasks/task-work.ts'
import { reportOf } from '../../support/connection.ts'
import { startHarness } from '../../support/harness.ts'
import type { Harness } from '../../support/harness.ts'
import { startLibraryServer } from '../../support/library-server.ts'
import type { LibraryServer } from '../../support/library-server.ts'

const canRunJava = hasJava()

const jar = new URL('../../fixtures/classes.jar', import.meta.url)

let server: LibraryServer
let harness: Harness

beforeEach(async () => {
  server = await startLibraryServer()
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await harness.close()
  await server.close()
})

async function run(work: TaskWork, name = 'classes.jar') {
  harness = await startHarness()
  const librarySet = server.addSet({ name, kind: 'jar', bytes: await readFile(jar) })
  harness.agent.launch('t', work, { librarySet })
  const status = await harness.agent.last('t')
  const stdout = await readFile(join(harness.sandbox, 'tasks/t/stdout'), 'utf8')
  return { status, stdout, report: reportOf(status) }
}

describe.skipIf(!canRunJava)('load-class', () => {
  it('reports that a class is loaded, with any output of the class', async () => {
    const { report, stdout } = await run({ kind: 'load-class', className: 'Unended' })
    expect(report).toMatchObject({ result: 'successfully loaded Unended', exitStatus: 0 })
    expect(stdout.split('\n')).toEqual([
      'no line feed',
      'successfully loaded Unended',
      'x'.repeat(8192),
    ])
    const own = await readdir(join(harness.sandbox, '.jarcast/jvm'))
    expect(own).toEqual(['classes'])
  })

  it('does not believe a class that reports itself as loaded', async () => {
    const { status, report } = await run({ kind: 'load-class', className: 'Forger' })
    expect(status).toMatchObject({
      state: 'TASK_FAILED',
      message: 'java exited with status 0 before class Forger was loaded',
    })
    expect(report.result).toBeUndefined()
  })
})

describe.skipIf(!canRunJava)('without a locale', () => {
  beforeEach(() => {
    for (const name of ['LC_ALL', 'LC_CTYPE', 'LANG']) vi.stubEnv(name, undefined)
  })

  it('passes arguments and jars with any name', async () => {
    const args = ['ü€', '日本']
    const { report } = await run({ kind: 'java', mainClass: 'Echo', args }, 'ümlaut.jar')
    expect(report.result).toBe('ü€\n日本\n')
  })

  it('loads a class from a jar with any name', async () => {
    const { report } = await run({ kind: 'load-class', className: 'Echo' }, 'ümlaut €.jar')
    expect(report.result).toBe('successfully loaded Echo')
  })
})

describe('java', () => {
  it.each(['-version', '@options', ''])('does not run %j as a class', async (mainClass) => {
    harness = await startHarness()
    harness.agent.launch('t', { kind: 'java', mainClass })
    const status = await harness.agent.last('t')
    expect(reportOf(status).code).toBe('TASK_INVALID')
    expect(status.message).toContain(`"${mainClass}" is not a class name`)
  })
})
