/** Runs frameworks that know secrets, and looks for these in everything that they leave behind or show. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFramework } from '../../src/framework/framework.ts'
import type { Framework } from '../../src/framework/framework.ts'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import { makeCertificate } from '../support/certificate.ts'
import type { CertificateFiles } from '../support/certificate.ts'
import { hasZooKeeper, standForElection, startZooKeeper } from '../support/zookeeper.ts'
import type { MasterNode, ZooKeeper } from '../support/zookeeper.ts'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`
const masterSecret = 'sesame-of-the-master'
const zooKeeperSecret = 'sesame-of-the-keeper'
const basic = Buffer.from(`framework:${masterSecret}`).toString('base64')
const digest = Buffer.from(`mesos:${zooKeeperSecret}`).toString('base64')

const folder = await mkdtemp(join(tmpdir(), 'jarcast-secrets-'))
const certificate = makeCertificate(folder)
let cluster: LocalCluster
let zooKeeper: ZooKeeper
let node: MasterNode
let master: string

/** What a task sees of the world around it. */
const taskModule = `
import { readFileSync, readdirSync } from 'node:fs'
export function look() {
  const commandLines = readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .map((name) => { try { return readFileSync('/proc/' + name + '/cmdline', 'utf8') } catch { return '' } })
  return { env: process.env, argv: process.argv, commandLines }
}
`

function tokenIn(environment: string): string | undefined {
  return /MESOS_EXECUTOR_AUTHENTICATION_TOKEN=([^\0]+)/.exec(environment)?.[1]
}

/** What lets executors and people in at the jar server of a run. */
function permissionsOf({ jarServer, libraries }: Framework): readonly string[] {
  const { key = '', relayKey = '' } = jarServer?.accessTo(libraries.current?.id ?? '') ?? {}
  const mac = /\/mac\/\d+\.([\w-]{43})\//.exec(jarServer?.pageUri ?? '')?.[1]
  return [key, relayKey, mac ?? '']
}

/** The tokens that executors on this machine were started with, which only the system still knows. */
function executorTokens(): readonly string[] {
  const tokens = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        return tokenIn(readFileSync(`/proc/${name}/environ`, 'utf8'))
      } catch {
        return undefined
      }
    })
  return tokens.filter((token) => token !== undefined)
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return await Promise.all(
    files.map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')),
  )
}

async function read(url: string, body?: object): Promise<string> {
  const ca = await readFile(certificate?.certFile ?? '')
  const call = request(url, { ca, agent: false, method: body === undefined ? 'GET' : 'POST' })
  call.setHeader('Authorization', `Basic ${basic}`)
  if (body !== undefined) call.setHeader('Content-Type', 'application/json')
  call.end(body === undefined ? undefined : JSON.stringify(body))
  const [answer] = (await once(call, 'response')) as [NodeJS.ReadableStream]
  return await text(answer)
}

/** What master and agents tell whoever asks. */
async function statesOfCluster(): Promise<readonly string[]> {
  const urls = [cluster.url, ...cluster.agents.map(({ url }) => url)]
  const paths = ['/state', '/version', '/metrics/snapshot']
  const calls = ['GET_STATE', 'GET_TASKS', 'GET_EXECUTORS', 'GET_FRAMEWORKS', 'GET_FLAGS']
  return await Promise.all(
    urls.flatMap((url) => [
      ...paths.map((path) => read(url + path)),
      ...calls.map((type) => read(`${url}/api/v1`, { type })),
    ]),
  )
}

function expectNoSecrets(where: string, texts: readonly string[], tokens: readonly string[]): void {
  const all = texts.join('\n')
  expect(all.length, `${where} is looked at`).toBeGreaterThan(0)
  for (const secret of [masterSecret, zooKeeperSecret, basic, digest, ...tokens]) {
    expect(all.includes(secret), `${secret.slice(0, 24)}… in ${where}`).toBe(false)
  }
}

const isPossible = hasZooKeeper() && certificate !== undefined && existsSync('/proc/self/environ')

afterAll(async () => {
  await rm(folder, { recursive: true })
})

describe.skipIf(!isPossible)('secrets', () => {
  beforeAll(async () => {
    const files = certificate as CertificateFiles
    if (!existsSync(main)) throw new Error('these tests run the built program: npm run build')
    await writeFile(join(folder, 'look.mjs'), taskModule)
    await writeFile(
      join(folder, 'credentials'),
      JSON.stringify({ principal: 'framework', secret: masterSecret }),
    )
    cluster = await startLocalCluster({
      allocationIntervalMs: 50,
      workDir: join(folder, 'work'),
      credentials: [{ principal: 'framework', secret: masterSecret }],
      authenticateExecutors: true,
      tls: { ...files, caFile: files.certFile },
      executorEnvironment: { PATH: path, JARCAST_CACHE_DIR: join(folder, 'cache') },
    })
    zooKeeper = await startZooKeeper()
    const port = Number(new URL(cluster.url).port)
    const access = { digest: `mesos:${zooKeeperSecret}`, hostname: 'localhost' }
    node = await standForElection(zooKeeper, '/mesos', port, access)
    master = `zk://mesos:${zooKeeperSecret}@127.0.0.1:${zooKeeper.port}/mesos`
    await writeFile(join(folder, 'master'), `${master}\n`)
  })

  afterAll(async () => {
    await node.resign()
    await zooKeeper.close()
    await cluster.close()
  })

  it('are in nothing that a framework keeps, tells or shows', async () => {
    const journal = join(folder, 'journal-1')
    const frames: string[] = []
    const told: string[] = []
    const framework = createFramework({
      master,
      credentials: join(folder, 'credentials'),
      tls: { caFile: certificate?.certFile ?? '' },
      libraries: [join(folder, 'look.mjs')],
      executor: { node: process.execPath },
      journal,
      inspect: (frame) => frames.push(JSON.stringify({ ...frame, actorRef: undefined })),
    })
    for (const name of ['framework.registered', 'task.ended', 'library.fetched'] as const) {
      framework.on(name, (payload) => told.push(JSON.stringify(payload)))
    }
    const work = { kind: 'js', module: 'look.mjs', export: 'look' } as const
    const seen = JSON.stringify(await framework.run({ work }))
    const tokens = [...executorTokens(), ...permissionsOf(framework)]
    expect(tokens.length).toBeGreaterThan(3)
    expect(seen).toContain('MESOS_EXECUTOR_ID')
    const snapshot = JSON.stringify(framework.snapshot)
    const page = await fetch(framework.jarServer?.pageUri ?? '').then((answer) => answer.text())
    expectNoSecrets('what a task sees', [seen], tokens)
    const states = await statesOfCluster()
    expect(states[0]).toContain('"framework"')
    expectNoSecrets('the states of the cluster', states, tokens)
    expectNoSecrets('events, snapshot and page', [...told, snapshot, page], tokens)
    await framework.drain()
    expect(frames.length).toBeGreaterThan(10)
    expectNoSecrets('frames of the inspector', frames, tokens)
    const key = await readFile(join(journal, 'key'), 'utf8')
    expect((await stat(join(journal, 'key'))).mode & 0o777).toBe(0o600)
    const { secret } = JSON.parse(key) as { readonly secret: string }
    const kept = (await filesBelow(journal)).filter((text) => text !== key)
    expectNoSecrets('the journal', kept, [...tokens, secret])
    expectNoSecrets('the sandboxes', await filesBelow(join(folder, 'work')), tokens)
  })

  it.each(['', '--json', '--verbose'])(
    'are in nothing that the program writes %s',
    async (more) => {
      const journal = join(folder, `journal-${more}`)
      const flags = ['--credentials', join(folder, 'credentials'), '--journal', journal]
      const tls = ['--tls-ca', certificate?.certFile ?? '']
      const words = ['--node', process.execPath, '--js', `${folder}/look.mjs#look`]
      const args = ['exec', '--master', `file://${folder}/master`, ...flags, ...tls]
      const child = spawn(
        process.execPath,
        [main, ...args, ...(more === '' ? [] : [more]), ...words],
        { stdio: ['ignore', 'pipe', 'pipe'] },
      )
      const [stdout, stderr, [status]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'close'),
      ])
      expect({ status, stderr }).toMatchObject({ status: 0 })
      expect(stdout).toContain('MESOS_EXECUTOR_ID')
      // Command lines of every process are in it, those of this program too.
      expect(stdout).toContain('file://')
      expectNoSecrets('the output', [stdout, stderr], [])
      expectNoSecrets('the journal', await filesBelow(journal), [])
    },
  )

  it('are in no error either', async () => {
    await writeFile(join(folder, 'wrong'), 'framework another-sesame')
    const wrong = createFramework({
      master,
      credentials: join(folder, 'wrong'),
      tls: { caFile: certificate?.certFile ?? '' },
    })
    const error = await wrong.start().catch((error: unknown) => error as Error)
    expect(error).toMatchObject({ code: 'CREDENTIALS_REJECTED', retryable: false })
    const { message, stack, cause } = error as Error
    expectNoSecrets('an error', [message, stack ?? '', String(cause)], ['another-sesame'])
  })
})
