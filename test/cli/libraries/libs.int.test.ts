import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LibsReport } from '../../../src/cli/libraries/libs-report.ts'
import { createFramework } from '../../../src/framework/framework.ts'
import type { FrameworkOptions } from '../../../src/framework/options/options.ts'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../src/local/cluster.ts'
import { faultsOf } from '../../support/json-schema.ts'
import { until } from '../../support/until.ts'
import { outcomeOf } from '../../support/processes/outcome-of.ts'

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))

let folder: string
let cluster: LocalCluster

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-libs-'))
  cluster = await startLocalCluster({
    open: true,
    agents: 2,
    allocationIntervalMs: 50,
    executorEnvironment: () => ({ JARCAST_CACHE_DIR: join(folder, 'cache') }),
  })
})
afterEach(async () => {
  await cluster.close()
  await rm(folder, { recursive: true })
})

function libs(...args: readonly string[]) {
  const child = spawn(process.execPath, [main, 'libs', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return outcomeOf(child)
}

async function write(name: string, content: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

describe('jarcast libs', () => {
  it('lists the sets of a run with who has them, while it runs and from its journal', async () => {
    const journal = join(folder, 'journal')
    const framework = createFramework({
      master: cluster.url,
      libraries: [await write('a.txt', 'a'), await write('b.txt', 'bb')],
      executor: { node: process.execPath },
      journal,
    })
    try {
      await framework.start()
      const wait = { work: { kind: 'shell', command: 'sleep 1000' } } as const
      const running = framework.run({ ...wait, id: 'old' }).catch(() => undefined)
      await new Promise<void>((resolve) => {
        framework.on('task.updated', ({ state }) => {
          if (state === 'TASK_RUNNING') resolve()
        })
      })
      await framework.libraries.add(await write('c.txt', 'ccc'))
      const link = join(folder, 'page-link')
      await writeFile(link, `${framework.jarServer?.pageUri}\n`)
      const { stdout } = await libs('--page-link', link, '--json')
      const report = JSON.parse(stdout) as LibsReport
      expect(faultsOf('libraries')(report)).toEqual([])
      const { sets } = report
      const held = sets.map(({ isCurrent, libraries }) => [
        isCurrent,
        ...libraries.map(({ name, hosts }) => [name, hosts.length]),
      ])
      expect(held).toEqual([
        [false, ['a.txt', 1], ['b.txt', 1]],
        [true, ['a.txt', 1], ['b.txt', 1], ['c.txt', 0]],
      ])
      const fromJournal = await libs('--journal', journal, '--json')
      expect(JSON.parse(fromJournal.stdout)).toMatchObject({ event: 'libs', sets })
      const table = await libs('--page-link', link)
      const [first = '', head] = table.stdout.split('\n')
      expect(first).toBe(`set ${sets[0]?.id.slice(0, 12)}, of earlier tasks: 2 libraries, 3 B`)
      expect(head).toMatch(/^library +kind +size +sha256 +held by$/)
      expect(table.stdout).toMatch(/^c\.txt +file +3 B +[0-9a-f]{12} +no host yet$/m)
      framework.kill('old')
      await running
    } finally {
      await framework.stop()
    }
  })

  it('knows their hosts after a restart, without new messages', async () => {
    const options: FrameworkOptions = {
      master: cluster.url,
      libraries: [await write('a.txt', 'a')],
      executor: { node: process.execPath },
      journal: join(folder, 'journal'),
      failoverTimeoutMs: 60_000,
    }
    const first = createFramework(options)
    await first.start()
    await first.run({ id: 'one', work: { kind: 'shell', command: 'true' } })
    await first.stop({ detach: true })
    const second = createFramework(options)
    try {
      const started = new Promise<string>((resolve) => {
        second.on('jarServer.started', () => resolve(second.jarServer?.pageUri ?? ''))
      })
      await second.start()
      const { stdout } = await libs(await started, '--json')
      const [set] = (JSON.parse(stdout) as LibsReport).sets
      expect(set?.libraries).toMatchObject([{ name: 'a.txt', hosts: ['agent-1'] }])
    } finally {
      await second.stop()
    }
  })

  it.each([
    [[], 'give one of --page-link FILE, --journal DIR and the URL of an open jar server'],
    [['--page-link', '/nowhere'], '/nowhere cannot be read'],
    [['ftp://x'], 'ftp://x is no address such as'],
    [['http://127.0.0.1:4'], 'no jar server at http://127.0.0.1:4: connect ECONNREFUSED'],
    // A port that fetch refuses to call.
    [['http://127.0.0.1:1'], 'no jar server at http://127.0.0.1:1: connect ECONNREFUSED'],
    [['--journal', '/nowhere'], '/nowhere'],
  ])('says what is wrong with %j', async (args, message) => {
    const { status, stderr, stdout } = await libs(...args)
    expect({ isZero: status === 0, stdout }).toEqual({ isZero: false, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })

  it('asks a run that speaks TLS by what it wrote with --page-link', async () => {
    const link = join(folder, 'page-link')
    const file = await write('a.txt', 'a')
    const args = ['exec', '--master', cluster.url, '--lib', file, '--jar-server-tls']
    const run = spawn(process.execPath, [main, ...args, '--page-link', link, '--', 'sleep 1000'], {
      stdio: 'ignore',
    })
    try {
      const written = async () => await readFile(link, 'utf8').catch(() => '')
      await until(`a link in ${link}`, async () => (await written()).includes('END CERTIFICATE'))
      const { stdout, stderr } = await libs('--page-link', link, '--json')
      expect(stderr).toBe('')
      const [set] = (JSON.parse(stdout) as LibsReport).sets
      expect(set?.libraries).toMatchObject([{ name: 'a.txt' }])
    } finally {
      run.kill('SIGTERM')
      await once(run, 'close')
    }
  })

  it('shows nothing of a file that holds no link, and no permission of one that is of another server', async () => {
    const other = await libs('--page-link', await write('other', 'hush, a secret\n'))
    expect(other.status).toBe(2)
    expect(other.stderr).toMatch(/other has no link to a status page/)
    const server = createServer((_, res) => res.end('{}'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const mac = `1859066689.${'hush'.repeat(10)}abc`
    try {
      const link = await write('link', `http://127.0.0.1:${port}/mac/${mac}/\n`)
      const wrong = await libs('--page-link', link)
      expect(wrong.stderr).toMatch(/is no jar server of this version/)
      for (const { stderr } of [other, wrong]) expect(stderr).not.toContain('hush')
    } finally {
      server.close()
    }
  })

  it('believes no server that answers otherwise than a jar server', async () => {
    const answers = [
      '{}',
      'no JSON',
      '{"sets":[{"id":"../x"}],"holders":{}}',
      `{"sets":[{"id":"${'0'.repeat(64)}"}],"holders":{}}`,
    ]
    const server = createServer((_, res) => res.end(answers[0]))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    try {
      for (; answers.length > 0; answers.shift()) {
        const { status, stderr } = await libs(`http://127.0.0.1:${port}`)
        expect(status).toBe(1)
        expect(stderr).toMatch(/^jarcast: .*(no jar server|manifest has hash)/)
      }
    } finally {
      server.close()
    }
  })
})
