import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { create } from 'tar'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFramework } from '../../../src/framework/framework.ts'
import type { FrameworkOptions } from '../../../src/framework/options/options.ts'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../src/local/cluster.ts'
import { makeZip } from '../../support/archives/zip.ts'

let folder: string
let cluster: LocalCluster

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-archives-'))
  cluster = await startLocalCluster({
    open: true,
    agents: 1,
    allocationIntervalMs: 50,
    executorEnvironment: () => ({ JARCAST_CACHE_DIR: join(folder, 'host') }),
  })
})
afterEach(async () => {
  await cluster.close()
  await rm(folder, { recursive: true })
})

async function makeArchives(): Promise<{ readonly tgz: string; readonly zip: string }> {
  await mkdir(join(folder, 'data/words'), { recursive: true })
  await writeFile(join(folder, 'data/words/one'), 'tar and ')
  const [tgz, zip] = [join(folder, 'data.tgz'), join(folder, 'more.zip')]
  await create({ file: tgz, cwd: folder, gzip: true }, ['data'])
  await writeFile(zip, makeZip([{ name: 'words/two', content: 'zip' }]))
  return { tgz, zip }
}

function optionsOf(libraries: NonNullable<FrameworkOptions['libraries']>): FrameworkOptions {
  const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`
  return {
    master: cluster.url,
    libraries,
    executor: { node: process.execPath, environment: { PATH: path } },
  }
}

describe('archives', () => {
  it('are unpacked for tasks of every kind', async () => {
    const { tgz, zip } = await makeArchives()
    const module = join(folder, 'read.mjs')
    await writeFile(
      module,
      `import { readFileSync } from 'node:fs'
export const read = (...paths) =>
  paths.map((path) => readFileSync(process.env.JARCAST_LIBRARIES + '/' + path, 'utf8')).join('')
`,
    )
    const framework = createFramework(
      optionsOf([
        { path: tgz, kind: 'archive' },
        { path: zip, kind: 'archive', name: 'renamed' },
        module,
      ]),
    )
    const args = ['data.tgz/data/words/one', 'renamed/words/two']
    try {
      const work = { kind: 'js', module: 'read.mjs', export: 'read', args } as const
      expect(await framework.run({ work })).toBe('tar and zip')
      const command = `test "$(cd "$JARCAST_LIBRARIES" && cat ${args.join(' ')})" = 'tar and zip'`
      await framework.run({ work: { kind: 'shell', command } })
    } finally {
      await framework.stop()
    }
  })

  it('that are hostile fail their tasks', async () => {
    const path = join(folder, 'evil.zip')
    await writeFile(path, makeZip([{ name: '../../../../evil', content: 'x' }]))
    const framework = createFramework(optionsOf([{ path, kind: 'archive' }]))
    try {
      await expect(
        framework.run({ work: { kind: 'shell', command: 'true' } }),
      ).rejects.toMatchObject({
        code: 'LIBRARY_CORRUPT',
        message: expect.stringContaining('a path out of its folder'),
      })
    } finally {
      await framework.stop()
    }
  })

  it('that cannot be unpacked are refused before anything starts', async () => {
    const path = join(folder, 'data.tar.xz')
    await writeFile(path, '\u00fd7zXZ')
    const framework = createFramework(optionsOf([{ path, kind: 'archive' }]))
    await expect(framework.start()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      details: { path },
    })
  })

  it("are not left to Mesos' fetcher", async () => {
    const { tgz } = await makeArchives()
    const framework = createFramework({
      ...optionsOf([{ path: tgz, kind: 'archive' }]),
      delivery: 'fetcher',
    })
    await expect(framework.start()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      details: { library: 'data.tgz' },
    })
  })
})
