import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFramework } from '../../src/framework/framework.ts'
import type { FrameworkOptions } from '../../src/framework/options/options.ts'
import { readJournal } from '../../src/journal/files/read-journal.ts'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'

const work = { kind: 'shell', command: 'true' } as const
let cluster: LocalCluster
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-journal-'))
  cluster = await startLocalCluster({ open: true, allocationIntervalMs: 50 })
})

afterAll(async () => {
  await cluster.close()
  await rm(folder, { recursive: true })
})

function framework(journal: string, options: Partial<FrameworkOptions> = {}) {
  return createFramework({ master: cluster.url, journal: join(folder, journal), ...options })
}

describe('a framework with a journal', () => {
  it('is refused a folder that another one writes to, and the other continues', async () => {
    const first = framework('taken')
    await first.start()
    await expect(framework('taken').start()).rejects.toMatchObject({ code: 'JOURNAL_LOCKED' })
    await first.run({ id: 'a', work })
    await first.drain()
  })

  it('continues with its framework id and its tasks when it comes back', async () => {
    const first = framework('resumed')
    const started = join(folder, 'started')
    const long = { kind: 'shell', command: `echo x >> ${started}; sleep 1` } as const
    const abandoned = first.run({ id: 'long', work: long }).catch((error: unknown) => error)
    await new Promise<void>((resolve) => first.on('task.updated', () => resolve()))
    const id = first.frameworkId
    await first.stop({ detach: true })
    expect(await abandoned).toMatchObject({ code: 'FRAMEWORK_STOPPED' })
    const second = framework('resumed')
    await second.run({ id: 'long', work: long })
    expect(second.frameworkId).toBe(id)
    expect(await readFile(started, 'utf8')).toBe('x\n')
    await second.drain()
    const { records } = readJournal(join(folder, 'resumed'))
    const events = [...records].flatMap((record) => ('event' in record ? record.event?.type : []))
    expect(events.filter((type) => type === 'process.restarted')).toEqual(['process.restarted'])
  })

  it('is refused a journal of a run with libraries when it has none', async () => {
    const library = join(folder, 'a.txt')
    await writeFile(library, 'a')
    const first = framework('mixed', { libraries: [library] })
    await first.start()
    await first.drain()
    const error = await framework('mixed')
      .start()
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('mixed'),
    })
  })

  it('leaves no lock and registers nothing when staging fails', async () => {
    const missing = framework('unstaged', { libraries: [join(folder, 'missing.jar')] })
    await expect(missing.start()).rejects.toMatchObject({ code: 'LIBRARY_NOT_FOUND' })
    expect(
      (await readdir(join(folder, 'unstaged'))).filter((name) => name.includes('lock')),
    ).toEqual([])
  })
})
