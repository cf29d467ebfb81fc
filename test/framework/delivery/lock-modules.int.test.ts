import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readPackageLock } from '../../../src/coordinates/packages/package-lock.ts'
import { lockModules } from '../../../src/framework/delivery/lock-modules.ts'
import type { PackageSettings } from '../../../src/framework/options/options.ts'
import { traceModules } from '../../../src/tracing/trace-modules.ts'
import { makeProject, packageFiles } from '../../tracing/project.ts'

const files = {
  'package.json': '{"type":"module"}',
  'jobs/sum.mjs': "import 'a'\nimport '@s/b'\nexport const sum = () => 1\n",
  ...packageFiles('a', "require('./part.js')"),
  'node_modules/a/part.js': '',
  'node_modules/a/unused.js': '',
  ...packageFiles('@s/b', ''),
}

async function lock(
  folder: string,
  settings: PackageSettings,
  journal?: string,
): Promise<readonly string[]> {
  const traced = await traceModules([join(folder, 'jobs/sum.mjs')])
  onTestFinished(traced.remove)
  return await lockModules(traced, { packages: settings, journal })
}

function change(folder: string, file: string, from: string, to: string): void {
  const path = join(folder, file)
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to))
}

describe('lockModules', () => {
  it('records the packages that a module imports, and tells what has changed since', async () => {
    const folder = makeProject(files)
    const lockFile = join(folder, 'jarcast.lock.json')
    expect(await lock(folder, { lockFile })).toEqual([])
    const text = readFileSync(lockFile, 'utf8')
    const sha256 = expect.stringMatching(/^[\da-f]{64}$/) as string
    expect(JSON.parse(text)).toEqual({
      formatVersion: 1,
      modules: {
        'jobs/sum.mjs': {
          'node_modules/a': { version: '1.0.0', sha256 },
          'node_modules/@s/b': { version: '1.0.0', sha256 },
        },
      },
    })
    change(folder, 'node_modules/a/unused.js', '', 'unused()')
    expect(await lock(folder, { lockFile, isFrozen: true })).toEqual([])
    change(folder, 'node_modules/a/part.js', '', 'patched()')
    change(folder, 'node_modules/@s/b/package.json', '1.0.0', '1.1.0')
    const changes = ['@s/b 1.1.0 in place of 1.0.0', 'a 1.0.0 has other files']
    await expect(lock(folder, { lockFile, isFrozen: true })).rejects.toMatchObject({
      code: 'PACKAGE_LOCK_OUTDATED',
      message: expect.stringContaining(
        `is for other packages of jobs/sum.mjs: ${changes.join(', ')}; run it without --frozen`,
      ) as string,
    })
    expect(readFileSync(lockFile, 'utf8')).toBe(text)
    expect(await lock(folder, { lockFile })).toEqual(changes)
    expect(await lock(folder, { lockFile, isFrozen: true })).toEqual([])
  })

  it('refuses a module of which a frozen lock file knows nothing', async () => {
    const folder = makeProject(files)
    const settings = { lockFile: join(folder, 'missing.json'), isFrozen: true }
    const code = 'PACKAGE_LOCK_OUTDATED'
    await expect(lock(folder, settings)).rejects.toMatchObject({ code })
    await expect(lock(folder, { isFrozen: true })).rejects.toMatchObject({ code })
    expect(await lock(folder, {})).toEqual([])
  })

  it('forgets a module that imports no package any more, unless the file is frozen', async () => {
    const folder = makeProject(files)
    const lockFile = join(folder, 'jarcast.lock.json')
    await lock(folder, { lockFile })
    writeFileSync(join(folder, 'jobs/sum.mjs'), 'export const sum = () => 1\n')
    await expect(lock(folder, { lockFile, isFrozen: true })).rejects.toMatchObject({
      code: 'PACKAGE_LOCK_OUTDATED',
      message: expect.stringContaining('@s/b 1.0.0 is not imported') as string,
    })
    expect(await lock(folder, { lockFile })).toHaveLength(2)
    expect((await readPackageLock(lockFile))?.modules).toEqual({})
    expect(await lock(folder, { lockFile, isFrozen: true })).toEqual([])
  })

  it('has its file beside the journal if none is named', async () => {
    const folder = makeProject(files)
    const journal = join(folder, 'run-1')
    expect(await lock(folder, {}, journal)).toEqual([])
    expect(await lock(folder, { isFrozen: true }, journal)).toEqual([])
    change(folder, 'node_modules/a/part.js', '', 'patched()')
    await expect(lock(folder, { isFrozen: true }, journal)).rejects.toMatchObject({
      code: 'PACKAGE_LOCK_OUTDATED',
      details: { path: join(journal, 'jarcast.lock.json') },
    })
  })

  it('names the folder of a journal that cannot be made', async () => {
    // Node's recursive mkdir never returns there.
    await expect(lock(makeProject(files), {}, '/proc/run-1')).rejects.toMatchObject({
      code: 'JOURNAL_UNWRITABLE',
      message: expect.stringContaining('cannot write /proc/run-1') as string,
    })
  })

  it('writes no version that could not be read again', async () => {
    const folder = makeProject({ ...files, ...packageFiles('a', '', { version: '$(reboot)' }) })
    const lockFile = join(folder, 'jarcast.lock.json')
    await lock(folder, { lockFile })
    const found = (await readPackageLock(lockFile))?.modules?.['jobs/sum.mjs']
    expect(found?.['node_modules/a']?.version).toBe('')
  })
})
