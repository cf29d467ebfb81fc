/** Runs frameworks that know secrets of every kind, and looks for these in everything that they leave behind or show. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest } from 'node:http'
import type { Server } from 'node:http'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resolvePackages } from '../../src/coordinates/resolve-packages.ts'
import { createFramework } from '../../src/framework/framework.ts'
import type { Framework } from '../../src/framework/framework.ts'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import { startMavenSite } from '../coordinates/maven-site.ts'
import type { MavenSite } from '../coordinates/maven-site.ts'
import { startNpmSite } from '../coordinates/npm-site.ts'
import type { NpmSite } from '../coordinates/npm-site.ts'
import { makeCertificate } from '../support/servers/certificate.ts'
import type { CertificateFiles } from '../support/servers/certificate.ts'
import { hasZooKeeper, standForElection, startZooKeeper } from '../support/servers/zookeeper.ts'
import type { MasterNode, ZooKeeper } from '../support/servers/zookeeper.ts'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`

/** What the frameworks are told; whoever asks for it is `me`. */
const secrets = {
  'of the master': 'sesame-of-the-master',
  'of ZooKeeper': 'sesame-of-the-keeper',
  'in the address of a repository': 'sesame-of-the-address',
  'of a server in Maven settings': 'sesame-of-the-settings',
  'of an npm registry': 'sesame-of-the-registry',
  'of a proxy': 'sesame-of-the-proxy',
} as const

const basicOf = (secret: string): string => Buffer.from(`me:${secret}`).toString('base64')

const folder = await mkdtemp(join(tmpdir(), 'jarcast-secrets-'))
const certificate = makeCertificate(folder)
let cluster: LocalCluster
let zooKeeper: ZooKeeper | undefined
let node: MasterNode | undefined
let master: string
let addressed: MavenSite
let configured: MavenSite
let registry: NpmSite
let proxy: Server
/** How often a secret was shown to whom it is for: else there would be nothing to find. */
const shown = new Map<string, number>()

function note(secret: keyof typeof secrets): void {
  shown.set(secret, (shown.get(secret) ?? 0) + 1)
}

/**
 * What a task sees of the world around it: the command lines of this run, and the environments that its executors were
 * given. Another run of these tests has the same secrets, and another folder.
 */
const taskModule = `
import { readFileSync, readdirSync } from 'node:fs'
const read = (path) => { try { return readFileSync(path, 'utf8') } catch { return '' } }
export function look(folder) {
  const processes = readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .map((pid) => [read('/proc/' + pid + '/cmdline'), read('/proc/' + pid + '/environ')])
    .filter((texts) => texts.join().includes(folder))
  return {
    env: process.env,
    argv: process.argv,
    commandLines: processes.map(([commandLine]) => commandLine),
    environments: processes.map(([, environment]) => environment)
      .filter((text) => text.includes('MESOS_EXECUTOR_ID'))
      .map((text) => text.replaceAll(/MESOS_EXECUTOR_AUTHENTICATION_TOKEN=[^\\0]+/g, '')),
  }
}
`

function tokenIn(environment: string): string | undefined {
  if (!environment.includes(folder)) return undefined
  return /MESOS_EXECUTOR_AUTHENTICATION_TOKEN=([^\0]+)/.exec(environment)?.[1]
}

/** What lets executors and people in at the jar server of a run. */
function permissionsOf({ jarServer, libraries }: Framework): readonly string[] {
  const { key = '', relayKeys = {} } = jarServer?.accessTo(libraries.current?.id ?? '') ?? {}
  const mac = /\/mac\/\d+\.([\w-]{43})\//.exec(jarServer?.pageUri ?? '')?.[1]
  return [key, mac ?? '', ...Object.values(relayKeys)]
}

/** The tokens that executors of this run were started with, which only the system still knows. */
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

/** Names and contents of everything in a folder. */
async function allBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const contents = files.map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1'))
  return [...entries.map(({ name }) => name), ...(await Promise.all(contents))]
}

/** The key of the run, which stands in one file alone, and everything else that the journal has. */
async function keyOf(journal: string) {
  const file = await readFile(join(journal, 'key'), 'utf8')
  const { secret } = JSON.parse(file) as { readonly secret: string }
  const others = (await allBelow(journal)).filter((content) => content !== file)
  return { key: secret, others }
}

/** Refuses what another user could read, list or change; a lock file is made to be given to others. */
function expectPrivate(folder: string): void {
  const names = ['', ...readdirSync(folder).filter((name) => name !== 'jarcast.lock.json')]
  const open = names.filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0)
  expect({ folder, open }).toEqual({ folder, open: [] })
}

async function read(url: string, body?: object): Promise<string> {
  const ca = await readFile(certificate?.certFile ?? '')
  const call = request(url, { ca, agent: false, method: body === undefined ? 'GET' : 'POST' })
  call.setHeader('Authorization', `Basic ${basicOf(secrets['of the master'])}`)
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

/** The key as it stands in its file, line by line. */
function keyLines(): readonly string[] {
  const lines = readFileSync(certificate?.keyFile ?? '', 'utf8').split('\n')
  return lines.filter((line) => line.length > 20 && !line.startsWith('-'))
}

function expectNoSecrets(where: string, texts: readonly string[], more: readonly string[] = []) {
  const all = texts.join('\n')
  expect(all.length, `${where} is looked at`).toBeGreaterThan(0)
  const forms = Object.values(secrets).flatMap((secret) => [secret, basicOf(secret)])
  for (const secret of [...forms, ...keyLines(), ...more]) {
    expect(all.includes(secret), `${secret.slice(0, 24)}… in ${where}`).toBe(false)
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** A Maven repository that is there for who knows the secret. */
async function startGuardedMaven(secret: keyof typeof secrets, gav: string): Promise<MavenSite> {
  const site = await startMavenSite()
  site.add(gav)
  site.intercept = ({ headers }, response) => {
    const isKnown = headers.authorization === `Basic ${basicOf(secrets[secret])}`
    if (isKnown) note(secret)
    else response.writeHead(401).end(`<html>no ${headers.authorization ?? 'credentials'}</html>`)
    return !isKnown
  }
  return site
}

/** Forwards plain requests of who knows the secret. */
function createProxy(): Server {
  return createServer((asked, response) => {
    const { 'proxy-authorization': given, ...headers } = asked.headers
    if (given !== `Basic ${basicOf(secrets['of a proxy'])}`) {
      response.writeHead(407).end(given)
      return
    }
    note('of a proxy')
    const onward = httpRequest(asked.url ?? '', { headers, method: asked.method }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    asked.pipe(onward)
  })
}

const addressOf = (site: MavenSite, secret: string): string =>
  site.url.replace('//', `//me:${secret}@`)

/** Everything of the environment that secrets are named in. */
const environment = () => ({
  npm_config_userconfig: join(folder, 'npmrc'),
  HTTP_PROXY: `http://me:${secrets['of a proxy']}@127.0.0.1:${(proxy.address() as AddressInfo).port}`,
})

const packages = ['maven:g:addressed:1', 'maven:g:configured:1', 'npm:left']

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment(), XDG_CACHE_HOME: join(folder, 'xdg'), ...env },
  })
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { stdout, stderr, status: status as unknown }
}

const isPossible = certificate !== undefined && existsSync('/proc/self/environ')

afterAll(async () => {
  await rm(folder, { recursive: true })
})

describe.skipIf(!isPossible)('secrets', () => {
  beforeAll(async () => {
    const files = certificate as CertificateFiles
    if (!existsSync(main)) throw new Error('these tests run the built program: npm run build')
    addressed = await startGuardedMaven('in the address of a repository', 'g:addressed:1')
    configured = await startGuardedMaven('of a server in Maven settings', 'g:configured:1')
    registry = await startNpmSite()
    await registry.add('left@1.0.0')
    registry.intercept = ({ headers }, response) => {
      const isKnown = headers.authorization === `Bearer ${secrets['of an npm registry']}`
      if (isKnown) note('of an npm registry')
      else response.writeHead(401).end(JSON.stringify({ error: headers.authorization }))
      return !isKnown
    }
    proxy = createProxy()
    await listen(proxy)
    await writeFile(join(folder, 'look.mjs'), taskModule)
    await writeFile(
      join(folder, 'credentials'),
      JSON.stringify({ principal: 'me', secret: secrets['of the master'] }),
    )
    await writeFile(
      join(folder, 'npmrc'),
      `${registry.url.slice('http:'.length)}:_authToken=${secrets['of an npm registry']}\n`,
    )
    const server = `<server><id>work</id><username>me</username><password>${secrets['of a server in Maven settings']}</password></server>`
    const central = `<mirror><id>work</id><mirrorOf>central</mirrorOf><url>${configured.url}</url></mirror>`
    await writeFile(
      join(folder, 'settings.xml'),
      `<settings><servers>${server}</servers><mirrors>${central}</mirrors></settings>`,
    )
    cluster = await startLocalCluster({
      allocationIntervalMs: 50,
      workDir: join(folder, 'work'),
      credentials: [{ principal: 'me', secret: secrets['of the master'] }],
      authenticateExecutors: true,
      tls: { ...files, caFile: files.certFile },
      executorEnvironment: { PATH: path, JARCAST_CACHE_DIR: join(folder, 'cache') },
    })
    master = cluster.url
    if (hasZooKeeper()) {
      zooKeeper = await startZooKeeper()
      const port = Number(new URL(cluster.url).port)
      const access = { digest: `me:${secrets['of ZooKeeper']}`, hostname: 'localhost' }
      node = await standForElection(zooKeeper, '/mesos', port, access)
      master = `zk://me:${secrets['of ZooKeeper']}@127.0.0.1:${zooKeeper.port}/mesos`
    }
    await writeFile(join(folder, 'master'), `${master}\n`)
  })

  afterAll(async () => {
    await node?.resign()
    await zooKeeper?.close()
    await cluster.close()
    proxy.closeAllConnections()
    proxy.close()
    for (const site of [addressed, configured, registry]) await site.close()
  })

  it('are in nothing that a framework stores, reports or shows', async () => {
    const journal = join(folder, 'journal-1')
    const frames: string[] = []
    const told: string[] = []
    process.env['npm_config_userconfig'] = join(folder, 'npmrc')
    const framework = createFramework({
      master,
      credentials: join(folder, 'credentials'),
      tls: { ...certificate, caFile: certificate?.certFile ?? '' },
      libraries: [join(folder, 'look.mjs'), ...packages],
      packages: {
        repositories: [addressOf(addressed, secrets['in the address of a repository'])],
        mavenSettings: join(folder, 'settings.xml'),
        localRepository: false,
        cacheFolder: join(folder, 'packages'),
      },
      executor: { node: process.execPath },
      journal,
      inspect: (frame) => frames.push(JSON.stringify({ ...frame, actorRef: undefined })),
    })
    const names = [
      'framework.registered',
      'task.ended',
      'library.fetched',
      'package.warning',
    ] as const
    for (const name of names) framework.on(name, (payload) => told.push(JSON.stringify(payload)))
    const work = { kind: 'js', module: 'look.mjs', export: 'look', args: [folder] } as const
    const seen = JSON.stringify(await framework.run({ work }))
    const [started, permissions] = [executorTokens(), permissionsOf(framework)]
    const tokens = [...started, ...permissions]
    expect(started).not.toEqual([])
    expect(permissions.map(({ length }) => length)).toEqual(permissions.map(() => 43))
    expect(seen).toContain('MESOS_EXECUTOR_ID')
    const snapshot = JSON.stringify(framework.snapshot)
    const { pageUri = '' } = framework.jarServer ?? {}
    const pages = [pageUri, new URL('status.json', pageUri)].map((page) =>
      fetch(page).then((answer) =>
        answer.ok ? answer.text() : Promise.reject(new Error(answer.statusText)),
      ),
    )
    expectNoSecrets('what a task sees', [seen], tokens)
    const states = await statesOfCluster()
    expect(states[0]).toContain('"principal":"me"')
    expectNoSecrets('the states of the cluster', states, tokens)
    const events = [...told, snapshot, ...(await Promise.all(pages))]
    expectNoSecrets('events, snapshot and page', events, tokens)
    await framework.drain()
    expect(frames.length).toBeGreaterThan(10)
    expectNoSecrets('frames of the inspector', frames, tokens)
    const { key, others } = await keyOf(journal)
    expectNoSecrets('the journal', others, [...tokens, key])
    expectNoSecrets('the states of the cluster', states, [key])
    expectNoSecrets('events, snapshot and page', events, [key])
    expectNoSecrets('the sandboxes', await allBelow(join(folder, 'work')), tokens)
    expectNoSecrets('the cache of packages', await allBelow(join(folder, 'packages')), tokens)
    expectNoSecrets('the cache of the host', await allBelow(join(folder, 'cache')), tokens)
    for (const kept of ['journal-1', 'journal-1/libraries', 'packages/maven', 'packages/npm'])
      expectPrivate(join(folder, kept))
    expect(statSync(join(folder, 'work')).mode & 0o077).toBe(0)
    delete process.env['npm_config_userconfig']
  })

  it.each(['', '--json', '--verbose'])(
    'are in nothing that the program writes %s',
    async (more) => {
      const journal = join(folder, `journal-${more}`)
      // Another cache each, or the second would ask nobody.
      const env = {
        XDG_CACHE_HOME: join(folder, `xdg-${more}`),
        npm_config_cache: join(folder, 'n', more),
      }
      const repository = addressOf(addressed, secrets['in the address of a repository'])
      const files = (name: string): string => join(folder, name)
      const pem = certificate ?? { certFile: '', keyFile: '' }
      const access = ['--master', `file://${folder}/master`, '--credentials', files('credentials')]
      const tls = ['--tls-ca', pem.certFile, '--tls-cert', pem.certFile, '--tls-key', pem.keyFile]
      const maven = ['--maven-settings', files('settings.xml'), '--repository', repository]
      const shipped = ['--package', ...packages, '--conflicts', 'ignore']
      const work = ['--node', process.execPath, '--js', `${folder}/look.mjs#look`, folder]
      const flags = ['--journal', journal, ...(more === '' ? [] : [more])]
      const { stdout, stderr, status } = await run(
        ['exec', ...access, ...tls, ...maven, ...shipped, ...flags, ...work],
        env,
      )
      expect(status, stderr).toBe(0)
      expect(stdout).toContain('MESOS_EXECUTOR_ID')
      // The command line of this program is in it, too.
      expect(stdout).toContain('file://')
      const { key, others } = await keyOf(journal)
      expectNoSecrets('the output', [stdout, stderr], [key])
      expectNoSecrets('the journal', others, [key])
      expectNoSecrets('the cache', await allBelow(env.XDG_CACHE_HOME))
      expectPrivate(journal)
      for (const args of [[], ['--json'], ['--verify']]) {
        const replayed = await run(['replay', journal, ...args])
        expect(replayed.status, replayed.stderr).toBe(0)
        expectNoSecrets('a replay', [replayed.stdout, replayed.stderr], [key])
      }
      const exported = join(folder, `export-${more}`)
      expect(await run(['journal', 'export', journal, exported])).toMatchObject({ status: 0 })
      expectNoSecrets('an export', [await readFile(exported, 'utf8')], [key])
      expect(statSync(exported).mode & 0o077).toBe(0)
    },
  )

  it('were all asked for by those that they are for', () => {
    const asked = Object.keys(secrets).filter((name) => !/master|ZooKeeper/.test(name))
    expect([...shown.keys()].toSorted()).toEqual(asked.toSorted())
  })

  it('are in no error either', async () => {
    await writeFile(join(folder, 'wrong'), 'me another-sesame')
    const wrong = createFramework({
      master,
      credentials: join(folder, 'wrong'),
      tls: { caFile: certificate?.certFile ?? '' },
    })
    const error = await wrong.start().catch((error: unknown) => error as Error)
    expect(error).toMatchObject({ code: 'CREDENTIALS_REJECTED', retryable: false })
    const told = inspect(error, { depth: 20, showHidden: true })
    expectNoSecrets('an error', [told], ['another-sesame'])
  })

  it.each([
    ['401', 'g:addressed:1', 'REGISTRY_REJECTED', (site: MavenSite) => site.url],
    ['404', 'g:missing:1', 'PACKAGE_NOT_FOUND', (site: MavenSite) => site.url],
    ['a closed port', 'g:addressed:1', 'REGISTRY_UNREACHABLE', () => 'http://127.0.0.1:1'],
    ['an address that is none', 'g:addressed:1', 'CONFIG_INVALID', () => 'http://127.0.0.1:port'],
  ])('are in no error of a repository: %s', async (what, gav, code, urlOf) => {
    const secret = what === '404' ? secrets['in the address of a repository'] : 'wrong-sesame'
    const failing = resolvePackages(
      { packages: [`maven:${gav}`] },
      {
        repositories: [urlOf(addressed).replace('//', `//me:${secret}@`)],
        mavenSettings: join(folder, 'settings.xml'),
        localRepository: false,
        cacheFolder: join(folder, `cache-${code}`),
      },
    )
    const error: unknown = await failing.catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code })
    const told = inspect(error, { depth: 20, showHidden: true })
    expectNoSecrets('an error', [told], ['wrong-sesame', basicOf('wrong-sesame')])
  })

  it.each([
    ['a wrong token', { npm_config_userconfig: '/dev/null' }],
    ['a proxy that is gone', { HTTP_PROXY: 'http://me:wrong-sesame@127.0.0.1:1' }],
    ['a proxy of another kind', { HTTP_PROXY: 'ftp://me:wrong-sesame@127.0.0.1:1' }],
    ['a wrong password of a proxy', { HTTP_PROXY: 'http://me:wrong-sesame@127.0.0.1:PORT' }],
  ])('are in no error of npm: %s', async (_, { ...env }: NodeJS.ProcessEnv) => {
    const { port } = proxy.address() as AddressInfo
    if (env['HTTP_PROXY'] !== undefined)
      env['HTTP_PROXY'] = env['HTTP_PROXY'].replace('PORT', String(port))
    const { status, stdout, stderr } = await run(
      ['resolve', '--verbose', '--package', 'npm:right'],
      {
        npm_config_cache: join(folder, 'npm-errors'),
        ...env,
      },
    )
    expect({ status, stderr }).not.toMatchObject({ status: 0 })
    expectNoSecrets('an error', [stdout, stderr], ['wrong-sesame', basicOf('wrong-sesame')])
  })
})
