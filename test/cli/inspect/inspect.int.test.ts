import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readJournal } from '../../../src/journal/files/read-journal.ts'
import { isEntry } from '../../../src/journal/journal.ts'
import { outcomeOf } from '../../support/processes/outcome-of.ts'

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
const journals = fileURLToPath(new URL('../../fixtures/journals/', import.meta.url))
const work = join(journals, 'scheduler-work.ndjson')

let folder = ''

beforeAll(async () => {
  if (!existsSync(main)) throw new Error('these tests run the built program: npm run build')
  folder = await mkdtemp(join(tmpdir(), 'jarcast-cli-inspect-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

function start(...args: readonly string[]) {
  return spawn(process.execPath, [main, 'inspect', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
}

function run(...args: readonly string[]) {
  return outcomeOf(start(...args))
}

function digestOf(content: string): string {
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`
}

/** What the elements of one part of a saved page hold. */
function partOf(page: string, run: number, part: string): string {
  const tag = new RegExp(`data-run="${run}" data-part="${part}">([A-Za-z0-9+/=]*)</script>`, 'g')
  const bytes = [...page.matchAll(tag)].map(([, base64 = '']) => Buffer.from(base64, 'base64'))
  return gunzipSync(Buffer.concat(bytes)).toString()
}

describe('jarcast inspect --html', () => {
  it('writes one file with the journals in it, that nothing but its own script may use', async () => {
    const executor = join(journals, 'executor.ndjson')
    const file = join(folder, 'run.html')
    expect(await run(work, executor, '--html', file)).toMatchObject({ status: 0, stderr: '' })
    const page = await readFile(file, 'utf8')
    expect((await stat(file)).mode & 0o777).toBe(0o600)

    const [, policy = ''] =
      /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? []
    const [, script = ''] = /<script type="module">([^]*?)<\/script>/.exec(page) ?? []
    const [, style = ''] = /<style>([^]*?)<\/style>/.exec(page) ?? []
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        `script-src ${digestOf(script)}`,
        `style-src ${digestOf(style)}`,
      ]),
    )

    for (const [index, path] of [work, executor].entries()) {
      const { header, records } = readJournal(path)
      const { charts, ...head } = JSON.parse(partOf(page, index, 'head')) as Record<string, object>
      expect(head).toMatchObject({ machine: header.machine, input: header.input })
      expect(head['id']).toMatch(header.id)
      expect(Object.keys(charts ?? {})).toContain(header.machine)
      const lines = partOf(page, index, 'entries').trimEnd().split('\n')
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([...records].filter(isEntry))
    }
  })

  it('replaces a file only with --force', async () => {
    const file = join(folder, 'kept.html')
    await writeFile(file, 'kept')
    const refused = await run(work, '--html', file)
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain('--force')
    expect(await readFile(file, 'utf8')).toBe('kept')
    expect((await run(work, '--html', file, '--force')).status).toBe(0)
    expect(await readFile(file, 'utf8')).toContain('<!doctype html>')

    const nowhere = await run(work, '--html', join(folder, 'nowhere', 'run.html'))
    expect(nowhere.status).toBe(2)
    expect(nowhere.stderr).toContain('run.html cannot be written (ENOENT)')
    expect((await run(work, '--force')).status).toBe(2)
  })

  it('writes to stdout, and leaves no file when a journal is damaged', async () => {
    const { status, stdout } = await run(work, '--html', '-')
    expect(status).toBe(0)
    expect(stdout.trimEnd().endsWith('</html>')).toBe(true)

    const damaged = join(folder, 'damaged.ndjson')
    const lines = (await readFile(work, 'utf8')).split('\n')
    await writeFile(damaged, lines.with(9, '{"seq":9,"now":0}').join('\n'))
    const file = join(folder, 'damaged.html')
    const failed = await run(damaged, '--html', file)
    expect(failed.status).toBe(1)
    expect(failed.stderr).toContain('JOURNAL_CORRUPT')
    expect(existsSync(file)).toBe(false)
  })
})

describe('jarcast inspect', () => {
  it('serves copies of one journal beside each other, until a signal', async () => {
    const copy = join(folder, 'copy.ndjson')
    await cp(work, copy)
    const child = start(work, copy)
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const [, url = ''] = /^inspector at (http:\S+)\n$/.exec(String(line)) ?? []
    expect(await (await fetch(url)).text()).toContain('<div id="page">')
    child.kill('SIGINT')
    expect(await once(child, 'close')).toEqual([0, null])
  })

  it('names what it cannot open', async () => {
    const missing = await run(join(folder, 'nothing'))
    expect(missing.status).toBe(2)
    expect(missing.stderr).toContain('JOURNAL_NOT_FOUND')

    const noJournal = join(folder, 'text')
    await writeFile(noJournal, 'hello\n')
    const other = await run(noJournal)
    expect(other.status).not.toBe(0)
    expect(other.stderr).toMatch(/^jarcast: JOURNAL_/)
  })

  it('names the port that another program has', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    try {
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      const { status, stderr } = await run(work, '--port', String(port))
      expect(status).toBe(2)
      expect(stderr).toContain(`port ${port}`)
    } finally {
      server.close()
    }
  })
})
