import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ClassPathReport } from '../../../src/domain/class-path/class-path-conflicts.ts'
import { createFramework } from '../../../src/framework/framework.ts'
import type { ConflictPolicy } from '../../../src/framework/options/options.ts'
import { makeZip } from '../../support/archives/zip.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-class-path-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(name: string, content: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, makeZip([{ name: 'x/A.class', content }]))
  return path
}

/** How a framework starts with these jars where there is no master, and what it told before. */
async function start(libraries: readonly string[], conflicts?: ConflictPolicy) {
  const reports: ClassPathReport[] = []
  const framework = createFramework({
    master: '127.0.0.1:1',
    timeoutMs: 0,
    libraries,
    ...(conflicts === undefined ? {} : { conflicts }),
    executor: { script: await write('run.sh', '') },
  })
  framework.on('classPath.conflicts', (report) => reports.push(report))
  const error: unknown = await framework.start().catch((reason: unknown) => reason)
  await framework.stop()
  return { code: (error as { code?: string }).code, error, reports }
}

describe('conflicts', () => {
  it('are reported before the framework registers', async () => {
    const jars = [await write('a.jar', 'a'), await write('b.jar', 'b')]
    const { code, reports } = await start(jars)
    expect(code).toBe('MASTER_UNREACHABLE')
    expect(reports).toMatchObject([
      { isHarmful: true, duplicates: [{ used: 'a.jar', different: ['x.A'] }] },
    ])
  })

  it('end the start where the policy is fail', async () => {
    const jars = [await write('a.jar', 'a'), await write('b.jar', 'b')]
    const { code, error } = await start(jars, 'fail')
    expect(code).toBe('CLASS_PATH_CONFLICT')
    expect((error as Error).message).toContain('class x.A is not the same in a.jar and b.jar')
  })

  it('that do no harm refuse nothing', async () => {
    const jars = [await write('a.jar', 'same'), await write('b.jar', 'same')]
    const { code, reports } = await start(jars, 'fail')
    expect(code).toBe('MASTER_UNREACHABLE')
    expect(reports).toMatchObject([{ isHarmful: false, duplicates: [{ identical: ['x.A'] }] }])
  })

  it('are not looked for where the policy is ignore', async () => {
    const jars = [await write('a.jar', 'a'), await write('b.jar', 'b')]
    expect(await start(jars, 'ignore')).toMatchObject({ code: 'MASTER_UNREACHABLE', reports: [] })
  })

  it('take one of three policies', async () => {
    const jars = [await write('a.jar', 'a')]
    await expect(start(jars, 'maybe' as ConflictPolicy)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      details: { setting: 'conflicts' },
    })
  })
})
