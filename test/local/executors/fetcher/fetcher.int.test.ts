import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import http from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { create } from 'tar'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasTool } from '../../../../scripts/support/machine.mjs'
import { startLocalCluster } from '../../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../../src/local/cluster.ts'
import type { CommandInfoURI, TaskStatus } from '../../../../src/mesos/types.generated.ts'
import { runProgram } from '../../../support/processes/run-program.ts'
import { makeZip } from '../../../support/archives/zip.ts'
import { commandTask, connectScheduler } from '../../support/client.ts'
import type { Scheduler } from '../../support/client.ts'

interface RecordedCase {
  readonly fetcherCase: string
  readonly uris: readonly {
    value: string
    extract?: boolean
    cache?: boolean
    executable?: boolean
    output_file?: string
  }[]
  readonly requests: readonly { readonly method: string; readonly url: string }[]
  readonly sandbox?: readonly string[]
  readonly message: string
  readonly reason?: string
}

const fixture = new URL('../../../fixtures/local/fetcher-cases.json', import.meta.url)
const cases = JSON.parse(await readFile(fixture, 'utf8')) as readonly RecordedCase[]

/** As in the recording: the size of every file, and the files of the archive. */
const packageFiles = ['LICENSE', 'README.md', 'index.js', 'package.json']

let cluster: LocalCluster
let scheduler: Scheduler
let server: Server
let folder: string
let archive: Buffer
const requests: { method: string; url: string }[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-fetch-'))
  await Promise.all(packageFiles.map((name) => writeFile(join(folder, name), `${name}\n`)))
  await create(
    { file: `${folder}/x.tgz`, gzip: true, cwd: folder, prefix: 'package' },
    packageFiles,
  )
  archive = await readFile(`${folder}/x.tgz`)
  server = http.createServer((request, response) => {
    const { method = '', url = '' } = request
    requests.push({ method, url })
    if (url === '/redir') response.writeHead(302, { Location: '/x.jar' }).end()
    else if (url === '/created.jar') response.writeHead(201).end(archive)
    else if (url.startsWith('/missing')) response.writeHead(404).end('not here')
    else {
      response.writeHead(200, { 'Content-Length': archive.length })
      response.end(method === 'HEAD' ? undefined : archive)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cluster = await startLocalCluster({ open: true, allocationIntervalMs: 20, shutdownGraceMs: 50 })
  scheduler = await connectScheduler(cluster.url)
})

afterAll(async () => {
  await cluster.close()
  server.close()
  await rm(folder, { recursive: true })
})

function address(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

let count = 0

interface Outcome {
  readonly status: TaskStatus
  readonly requests: readonly { readonly method: string; readonly url: string }[]
  readonly sandbox: string
}

async function fetch(uris: readonly CommandInfoURI[]): Promise<Outcome> {
  count += 1
  const id = `fetch-${count}`
  const before = requests.length
  const offer = await scheduler.takeOffer()
  await scheduler.launch(offer, {
    ...commandTask(id, offer, 'true'),
    command: { value: 'true', uris },
  })
  const status = await Promise.race([
    scheduler.follow(id, 'TASK_FINISHED'),
    scheduler.follow(id, 'TASK_FAILED'),
  ])
  const [agent] = cluster.agents
  const sandbox = `${agent?.workDir}/slaves/${agent?.id}/frameworks/${scheduler.frameworkId}/executors/${id}/runs/latest`
  return { status, requests: requests.slice(before), sandbox }
}

/** Mode and path of every file, without the logs. */
async function list(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const lines = files.map(async (file) => {
    const full = join(file.parentPath, file.name)
    const { mode } = await stat(full)
    return `${(mode & 0o777).toString(8)} ./${relative(directory, full)}`
  })
  return (await Promise.all(lines)).sort()
}

function withoutContainer(text: string | undefined): string | undefined {
  return text?.replace(/'[0-9a-f-]{36}'/u, 'CONTAINER')
}

describe('fetcher', () => {
  it.each(cases)('does for "$fetcherCase" what the real one did', async (recorded) => {
    const outcome = await fetch(
      recorded.uris.map(({ output_file: outputFile, value, ...rest }) => ({
        ...rest,
        value: value.replace(/^http:\/\/[^/]+/u, address()),
        ...(outputFile === undefined ? {} : { outputFile }),
      })),
    )
    const { message, reason } = outcome.status
    expect(withoutContainer(message)).toBe(withoutContainer(recorded.message))
    expect(reason).toBe(recorded.reason)
    expect(outcome.requests).toEqual(recorded.requests.map(({ method, url }) => ({ method, url })))
    if (recorded.sandbox === undefined) return
    const expected = recorded.sandbox
      .filter((line) => line !== '')
      .map((line) => line.replace(/ \d+ /u, ' '))
    expect(await list(outcome.sandbox)).toEqual(expected.sort())
  })

  it.for([
    ['x.tar', undefined],
    ['x.tar.gz', undefined],
    ['x.tar.bz2', 'bzip2'],
    ['x.tar.xz', 'xz'],
    ['x.zip', 'unzip'],
  ] as const)('unpacks %s', async ([name, tool], { skip }) => {
    if (tool !== undefined && !hasTool(tool)) skip()
    const file = join(folder, name)
    if (name.endsWith('.zip'))
      await writeFile(file, makeZip([{ name: 'LICENSE', content: 'LICENSE\n' }]))
    else runProgram('tar', ['-caf', file, '-C', folder, 'LICENSE'])
    const { sandbox, status } = await fetch([{ value: file }])
    expect(status.message).toBe('Command exited with status 0')
    expect(await readFile(`${sandbox}/LICENSE`, 'utf8')).toBe('LICENSE\n')
  })

  it('unzips a .gz into its name without that', async () => {
    const file = join(folder, 'words.txt.gz')
    await writeFile(file, gzipSync('words'))
    const { sandbox } = await fetch([{ value: `file://${file}` }])
    expect(await readFile(`${sandbox}/words.txt`, 'utf8')).toBe('words')
  })

  it('unpacks from the cache without a copy of the archive', async () => {
    const { sandbox } = await fetch([{ value: `${address()}/cached.tgz`, cache: true }])
    expect(await list(sandbox)).not.toContain('644 ./cached.tgz')
    expect(await readFile(`${sandbox}/package/LICENSE`, 'utf8')).toBe('LICENSE\n')
  })

  it.each([
    ['a path that leads out', { outputFile: '../../escaped' }],
    ['an absolute path', { outputFile: '/tmp/escaped' }],
    ['the sandbox itself', { outputFile: '.' }],
  ])('refuses %s', async (_what, extra) => {
    const outcome = await fetch([{ value: `${address()}/x.jar`, ...extra }])
    expect(outcome.status.reason).toBe('REASON_CONTAINER_LAUNCH_FAILED')
    expect(outcome.requests).toEqual([])
    expect(await readFile(`${outcome.sandbox}/stderr`, 'utf8')).toContain('sandbox directory')
  })

  it('fails on an unknown scheme, with a message in stderr', async () => {
    const { sandbox, status } = await fetch([{ value: 'hdfs://host/x.jar' }])
    expect(status.state).toBe('TASK_FAILED')
    expect(await readFile(`${sandbox}/stderr`, 'utf8')).toContain("scheme 'hdfs'")
  })
})
