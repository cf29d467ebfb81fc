import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { appendFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isEntry } from '../../../src/journal/journal.ts'
import type { JournalRecord } from '../../../src/journal/journal.ts'
import { createEncoder, encodeHeader } from '../../../src/journal/files/record.ts'
import type { JournalHeader } from '../../../src/journal/files/record.ts'
import { goldenJournals } from '../../fixtures/journals/scenarios.ts'
import { faultsOf } from '../../support/json-schema.ts'
import { until } from '../../support/until.ts'
import { outcomeOf } from '../../support/processes/outcome-of.ts'

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
const golden = fileURLToPath(
  new URL('../../fixtures/journals/scheduler-work.ndjson', import.meta.url),
)

let folder = ''

beforeAll(async () => {
  if (!existsSync(main)) throw new Error('these tests run the built program: npm run build')
  folder = await mkdtemp(join(tmpdir(), 'jarcast-cli-journal-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

function start(...args: readonly string[]) {
  const env = { ...process.env, JARCAST_CACHE_DIR: join(folder, 'cache') }
  return spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

function run(...args: readonly string[]) {
  return outcomeOf(start(...args))
}

const lastSeq = goldenJournals()['scheduler-work'].records.filter((record) =>
  isEntry(record),
).length

const { header: goldenHeader, records: goldenRecords } = goldenJournals()['scheduler-work']

interface Change {
  readonly header?: JournalHeader
  readonly record?: (record: JournalRecord) => JournalRecord
  /** Of the text, once the lines have their checksums. */
  readonly line?: (line: string, index: number) => string
}

/** The golden journal of the scheduler's work with something changed, as a file. */
async function changed(name: string, change: Change) {
  const { header = goldenHeader, record = (same) => same, line = (same) => same } = change
  const lines = [encodeHeader(header), ...goldenRecords.map(record).map(createEncoder(header))]
  const file = join(folder, name)
  await writeFile(file, lines.map(line).join(''))
  return file
}

describe('jarcast replay', () => {
  it('prints every transition, the state and its hash', async () => {
    const { status, stdout, stderr } = await run('replay', golden)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^scheduler 1 of jarcast\/testing, started 2026-01-02T03:04:05.000Z\n/)
    expect(stdout).toMatch(
      /2 +\+0\.120 s +connection +mesos\.subscribed f1 +disconnected\.subscribing → subscribed\n/,
    )
    expect(stdout).toMatch(/delivery +waiting → starting +fx\.startJarServer\n/)
    expect(stdout).toMatch(
      new RegExp(
        `state +stopped, after entry ${lastSeq}, .*\\n.*\\nhash +[0-9a-f]{16}\\n +equal to ${lastSeq + 1} `,
      ),
    )
  })

  it('shows a part, of one machine, as JSON', async () => {
    const part = ['--from', '2', '--to', '5', '--actor', 'delivery', '--json']
    const { stdout } = await run('replay', golden, ...part)
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ type, seq }) => [type, seq])).toEqual([
      ['journal', undefined],
      ['entry', 2],
      ['entry', 5],
      ['state', 5],
    ])
    expect(lines.at(-1)).toMatchObject({ value: { active: 'running' }, differing: 0 })
    expect(lines.flatMap(faultsOf('replay'))).toEqual([])
  })

  it('tells why, of one machine, as JSON', async () => {
    const part = ['--from', '7', '--to', '7', '--actor', 'offers', '--json']
    const { stdout, stderr } = await run('replay', golden, ...part, '--why')
    expect(stderr).toBe('')
    const [, entry] = stdout.split('\n').map((line) => JSON.parse(line || '{}') as object)
    expect(faultsOf('replay')(entry)).toEqual([])
    expect(entry).toMatchObject({ type: 'entry', seq: 7, cause: { kind: 'event' } })
    expect(entry).toMatchObject({
      microsteps: expect.arrayContaining([
        expect.objectContaining({
          actor: 'offers',
          considered: expect.arrayContaining([
            expect.objectContaining({
              verdict: 'guard false',
              guard: {
                name: 'hasWork',
                result: false,
                reads: [{ path: 'context.waiting', value: 0 }],
              },
            }),
          ]),
        }),
      ]),
      changes: [{ actor: 'offers', from: expect.any(String), count: expect.any(Number) }],
    })
    // Without it, nothing of the kind is there.
    expect((await run('replay', golden, ...part)).stdout).not.toContain('microsteps')
  })

  it('names the first state that is not the recorded one', async () => {
    const wrong = { after: 4, hash: '0123456789abcdef' }
    const file = await changed('wrong.ndjson', {
      record: (record) => (!isEntry(record) && record.after === 4 ? wrong : record),
    })
    const verified = await run('replay', file, '--verify')
    expect(verified.status).toBe(1)
    expect(verified.stderr).toContain(
      'REPLAY_DIVERGED: ' + file + ', line 10: after entry 4, mesos.other INVERSE_OFFERS,',
    )
    const shown = await run('replay', file)
    expect(shown.status).toBe(0)
    expect(shown.stdout).toContain(
      `1 of ${lastSeq + 1} recorded hashes differ, the first after entry 4`,
    )
    expect((await run('replay', golden, '--verify')).status).toBe(0)
  })

  it('names the line of a journal that is broken', async () => {
    const file = await changed('broken.ndjson', {
      line: (line, index) => (index === 6 ? line.replace('"seq":3', '"seq":8') : line),
    })
    const { status, stderr } = await run('replay', file)
    expect(status).toBe(1)
    expect(stderr).toMatch(/JOURNAL_CORRUPT: .*broken\.ndjson, line 7 \(entry 3, /)
    const check = await run('journal', 'check', file)
    expect(check.status).toBe(1)
    expect(check.stdout).toContain('line 7 (entry 3, ')
  })

  it('reports a torn tail and another version, and continues', async () => {
    const file = await changed('torn.ndjson', {
      header: { ...goldenHeader, fingerprint: 'of another' },
    })
    await appendFile(file, `{"seq":${lastSeq + 1},"now"`)
    const { status, stdout } = await run('replay', file)
    expect(status).toBe(0)
    expect(stdout).toContain('note: the journal is of version 1 (of another) of jarcast/testing')
    expect(stdout).toContain('torn.ndjson ends with 15 bytes of an unfinished write')
    expect(stdout).toContain(`state  stopped, after entry ${lastSeq}`)
  })

  it('shows the entry that makes the machine throw, and continues', async () => {
    const file = await changed('throws.ndjson', {
      record: (record) =>
        isEntry(record) && record.seq === 6
          ? { ...record, event: { type: 'mesos.update' } }
          : record,
    })
    const { status, stdout } = await run('replay', file)
    expect(status).toBe(0)
    expect(stdout).toContain('✗ rejected: mesos.update makes the machine throw: ')
    expect(stdout).toContain('1 event rejected')
    expect(stdout).toContain(`after entry ${lastSeq}`)
  })

  it('ends well when its output is closed', async () => {
    const { header } = goldenJournals()['scheduler-nobody']
    const other = { type: 'mesos.other', event: 'X' }
    const encode = createEncoder(header)
    const entries = Array.from({ length: 20_000 }, (_, index) =>
      encode({ seq: index + 1, now: header.createdAt, event: other }),
    )
    const file = join(folder, 'long.ndjson')
    await writeFile(file, [encodeHeader(header), ...entries].join(''))
    const child = start('replay', file)
    await once(createInterface(child.stdout), 'line')
    child.stdout.destroy()
    const [stderr, [status]] = await Promise.all([
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })

  it('keeps the recorded time with --speed, and stops on Ctrl-C', async () => {
    // Entry 2 comes 120 ms after entry 1: at this speed, 20 minutes.
    const child = start('replay', golden, '--speed', '0.0001')
    createInterface(child.stdout).on('line', (line) => {
      if (/^ +1 /.test(line)) child.kill('SIGINT')
    })
    const closed = once(child, 'close')
    expect(await text(child.stderr)).toBe('')
    expect(await closed).toEqual([130, null])
    expect((await run('replay', golden, '--speed', '1000')).stdout).toBe(
      (await run('replay', golden)).stdout,
    )
  })

  it('ends with 2 when there is no journal', async () => {
    const { status, stderr } = await run('replay', join(folder, 'nowhere'))
    expect(status).toBe(2)
    expect(stderr).toContain('JOURNAL_NOT_FOUND')
    expect((await run('replay', golden, '--from', '5', '--to', '4')).status).toBe(2)
  })
})

describe('jarcast journal', () => {
  it('checks, exports and compacts', async () => {
    const run1 = join(folder, 'run1')
    await mkdir(run1)
    await writeFile(join(run1, 'journal-0000000000000001.ndjson'), await readFile(golden))
    const check = await run('journal', 'check', run1)
    expect(check).toMatchObject({ status: 0, stderr: '' })
    expect(check.stdout).toMatch(
      new RegExp(
        `${lastSeq} entries up to ${lastSeq}, ${lastSeq + 1} recorded hashes, in 1 file of .*\\nwhole\\n$`,
      ),
    )
    const report = JSON.parse((await run('journal', 'check', run1, '--json')).stdout) as object
    expect(report).toMatchObject({ entries: lastSeq, problems: [] })
    expect(faultsOf('journal')(report)).toEqual([])
    const file = join(folder, 'run1.ndjson')
    expect((await run('journal', 'export', run1, file)).stdout).toContain(`entries 1 to ${lastSeq}`)
    expect(await readFile(file, 'utf8')).toBe(await readFile(golden, 'utf8'))
    expect((await run('journal', 'export', run1)).stdout).toBe(await readFile(golden, 'utf8'))
    expect(await run('journal', 'export', run1, file)).toMatchObject({ status: 2, stdout: '' })
    // One after another: a journal that one of them has open is locked.
    for (const words of [
      ['export', run1, join(folder, 'again.ndjson')],
      ['compact', run1],
      ['repair', run1],
    ]) {
      const { stdout } = await run('journal', ...words, '--json')
      expect(faultsOf('journal')(JSON.parse(stdout))).toEqual([])
    }
    const compact = await run('journal', 'compact', run1)
    expect(compact).toMatchObject({ status: 0, stderr: '' })
    expect(compact.stdout).toContain('nothing to remove')
    expect(await readdir(run1)).toContain('journal-0000000000000001.ndjson')
  })

  it('reports the losses of a broken one, and repairs it if asked to', async () => {
    const run2 = join(folder, 'run2')
    await mkdir(run2)
    const file = join(run2, 'journal-0000000000000001.ndjson')
    const lines = (await readFile(golden, 'utf8')).split('\n')
    const last = lines.findLastIndex((line) => line.includes('"mesos.update"'))
    const { seq } = JSON.parse(lines[last] ?? '') as { seq: number }
    const flipped = lines.with(last, (lines[last] ?? '').replace('TASK_', 'TASK-'))
    await writeFile(file, flipped.join('\n'))
    const check = await run('journal', 'check', run2)
    expect(check.status).toBe(1)
    expect(check.stdout).toContain(`line ${last + 1} (entry ${seq}, `)
    const told = await run('journal', 'repair', run2)
    expect(told.status).toBe(1)
    const damage = await Promise.all(
      ['check', 'repair'].map((command) => run('journal', command, run2, '--json')),
    )
    expect(damage.flatMap(({ stdout }) => faultsOf('journal')(JSON.parse(stdout)))).toEqual([])
    expect(told.stdout).toContain(`entry ${seq}, mesos.update (`)
    expect(told.stdout).toMatch(/tasks in these entries:\n {2}\S/)
    expect(told.stdout).toContain(`jarcast journal repair ${run2} --to ${seq - 1} --yes`)
    expect(await readFile(file, 'utf8')).toBe(flipped.join('\n'))
    expect((await run('journal', 'repair', run2, '--yes')).status).toBe(2)
    const done = await run('journal', 'repair', run2, '--to', `${seq - 1}`, '--yes')
    expect(done).toMatchObject({ status: 0, stderr: '' })
    expect((await run('journal', 'check', run2)).status).toBe(0)
    expect((await run('replay', run2, '--verify')).status).toBe(0)
  })
})

describe('jarcast run --journal', () => {
  it('continues after a kill -9, and prints the same again once it is over', async () => {
    const tasks = join(folder, 'tasks.mjs')
    const go = join(folder, 'go')
    const count = join(folder, 'count')
    const waiting = `echo x >> ${count}; while [ ! -e ${go} ]; do sleep 0.1; done; echo through`
    await writeFile(
      tasks,
      `export const quick = () => 'quick'
       export const waiting = { work: { kind: 'shell', command: ${JSON.stringify(waiting)} } }`,
    )
    const cluster = start('local', '--port', '0')
    const [line] = (await once(createInterface(cluster.stdout), 'line')) as [string]
    const { url } = JSON.parse(line) as { url: string }
    try {
      const journal = join(folder, 'run')
      const hosts = ['--advertise', '127.0.0.1', '--node', process.execPath]
      const command = ['run', tasks, '--master', url, ...hosts, '--journal', journal]
      const first = start(...command)
      for await (const shown of createInterface(first.stdout)) {
        if (shown.startsWith('task quick finished')) break
      }
      await until(`the file ${count}`, () => existsSync(count))
      first.kill('SIGKILL')
      await once(first, 'close')
      await writeFile(go, '')

      const second = await run(...command)
      expect(second.status).toBe(0)
      expect(second.stdout).toContain('2 of 2 tasks finished')
      expect(await readFile(count, 'utf8')).toBe('x\n')

      const third = await run(...command)
      expect(third.status).toBe(0)
      expect(third.stdout).not.toContain('registered')
      expect(second.stdout.match(/^task waiting finished/gm)).toHaveLength(1)
      const tableOf = ({ stdout }: { readonly stdout: string }) =>
        /^task +agent .*^2 of/ms.exec(stdout)?.[0]
      expect(tableOf(second)).toMatch(/^quick +S0 +\S+ +TASK_FINISHED +\d/m)
      expect(tableOf(third)).toBe(tableOf(second))
      expect((await run('replay', journal, '--verify')).status).toBe(0)
    } finally {
      cluster.kill()
      await once(cluster, 'close')
    }
  })

  it('knows a command by its words', async () => {
    const journal = join(folder, 'exec')
    const exec = (...words: readonly string[]) =>
      run('exec', '--master', 'local', '--journal', journal, '--', ...words)
    expect(await exec('echo hello')).toMatchObject({ status: 0, stdout: 'hello\n' })
    const again = await exec('echo hello')
    expect(again.status).toBe(0)
    expect(again.stderr).not.toContain('registered')
    expect((await exec('echo other')).stderr).toContain('FRAMEWORK_STOPPED')
  })
})
