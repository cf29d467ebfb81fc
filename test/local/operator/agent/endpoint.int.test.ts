import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../../src/local/cluster.ts'
import { agentResponseCodec } from '../../../../src/mesos/codec.ts'
import { decodeReadFile, encodeReadFileCall } from '../../../../src/mesos/read-file.ts'
import type { AgentCall, AgentResponse } from '../../../../src/mesos/types.generated.ts'
import { ask, commandTask, connectScheduler } from '../../support/client.ts'
import type { OfNarrow } from '../../support/client.ts'

let cluster: LocalCluster

beforeEach(async () => {
  cluster = await startLocalCluster({ open: true, allocationIntervalMs: 50 })
})

afterEach(() => cluster.close())

const codec = agentResponseCodec('application/json')

function agentUrl(): string {
  return cluster.agents[0]?.url ?? ''
}

function post(body: string) {
  const headers = { 'Content-Type': 'application/json' }
  return ask(`${agentUrl()}/api/v1`, { method: 'POST', headers, body })
}

async function call<Type extends AgentResponse['type']>(
  request: AgentCall & { readonly type: Type },
): Promise<OfNarrow<AgentResponse, Type>> {
  const { body } = await post(Buffer.from(codec.encodeCall(request)).toString())
  return codec.decodeEvent(Buffer.from(body)) as OfNarrow<AgentResponse, Type>
}

function files(page: string, query: Readonly<Record<string, string>>) {
  return ask(`${agentUrl()}/files/${page}?${new URLSearchParams(query).toString()}`)
}

/** Starts a task that writes to its sandbox and keeps running; returns the sandbox. */
async function runWriter(command: string): Promise<{ directory: string; virtual: string }> {
  const scheduler = await connectScheduler(cluster.url)
  const offer = await scheduler.takeOffer()
  await scheduler.launch(offer, commandTask('writer', offer, `${command}; sleep 100`))
  await scheduler.follow('writer', 'TASK_RUNNING')
  const below = `/frameworks/${scheduler.frameworkId}/executors/writer/runs/latest`
  const [agent] = cluster.agents
  return {
    directory: join(agent?.workDir ?? '', 'slaves', agent?.id ?? '', below),
    virtual: below,
  }
}

describe('answerAgentOperator', () => {
  it('refuses bad requests in the words of Mesos', async () => {
    expect((await post('{}')).body).toBe(
      "Failed to validate agent::Call: Expecting 'type' to be present",
    )
    expect((await post('{"type":"GET_CONTAINERS"}')).status).toBe(400)
    expect((await post('{"type":"PRUNE_IMAGES","prune_images":{}}')).status).toBe(501)
  })

  it('lists and reads files of a sandbox, 64 KiB at most', async () => {
    const { directory, virtual } = await runWriter('true')
    await writeFile(join(directory, 'large'), 'x'.repeat(100_000))
    const listed = await call({ type: 'LIST_FILES', listFiles: { path: directory } })
    const names = listed.listFiles.fileInfos?.map((each) => basename(each.path))
    expect(names).toEqual(['large', 'stderr', 'stdout'])
    const readFile = { path: `${virtual}/large`, offset: 10, length: 99_000 }
    const read = await call({ type: 'READ_FILE', readFile })
    expect(read.readFile.size).toBe(100_000)
    expect(Buffer.from(read.readFile.data, 'base64')).toHaveLength(65_536)
  })

  it('gives each of many readers its own bytes, although others leave early', async () => {
    const { directory, virtual } = await runWriter('true')
    const texts = ['a', 'b', 'c'].map((letter) => letter.repeat(60_000))
    for (const [name, text] of texts.entries()) await writeFile(join(directory, `${name}`), text)
    const type = 'application/x-protobuf'
    async function read(name: number, signal?: AbortSignal): Promise<string> {
      const range = { path: `${virtual}/${name}`, offset: 0, length: 65_536 }
      const body = Uint8Array.from(encodeReadFileCall(range))
      const headers = { 'Content-Type': type, Accept: type }
      const init = { method: 'POST', headers, body, ...(signal && { signal }) }
      const answer = await fetch(`${agentUrl()}/api/v1`, init)
      const { data } = decodeReadFile(new Uint8Array(await answer.arrayBuffer()))
      return Buffer.from(data).toString('latin1')
    }
    for (let round = 0; round < 10; round += 1) {
      const leaving = new AbortController()
      const left = texts.map((_, name) => read(name, leaving.signal).catch(() => undefined))
      const reads = [0, 1, 2, 0, 1, 2].map((name) => read(name))
      setTimeout(() => leaving.abort(), round)
      expect((await Promise.all(reads)).every((text, at) => text === texts[at % 3])).toBe(true)
      await Promise.all(left)
    }
  })

  it('counts the usage of its containers', async () => {
    await runWriter('true')
    const { getContainers } = await call({ type: 'GET_CONTAINERS', getContainers: {} })
    expect(getContainers.containers).toMatchObject([
      { executorId: { value: 'writer' }, resourceStatistics: { cpusSoftLimit: 0.2 } },
    ])
    const metrics = JSON.parse((await ask(`${agentUrl()}/metrics/snapshot`)).body) as object
    expect(metrics).toMatchObject({ 'slave/tasks_running': 1, 'slave/mem_used': 64 })
  })
})

describe('answerFiles', () => {
  it('browses, reads and downloads', async () => {
    const { directory, virtual } = await runWriter('true')
    await writeFile(join(directory, 'note'), 'häuser')
    const listing = JSON.parse((await files('browse', { path: virtual })).body) as unknown
    expect(listing).toMatchObject([
      { path: `${virtual}/note`, size: 7, mode: expect.stringMatching(/^-rw/u) as string },
      {},
      {},
    ])
    const read = async (query: Readonly<Record<string, string>>): Promise<unknown> =>
      JSON.parse((await files('read', { path: `${virtual}/note`, ...query })).body)
    expect(await read({})).toEqual({ data: '', offset: 7 })
    expect(await read({ offset: '3', length: '2' })).toEqual({ data: 'us', offset: 3 })
    expect((await files('download', { path: `${virtual}/note` })).body).toBe('häuser')
  })

  it('refuses what is no file of a sandbox', async () => {
    const { directory, virtual } = await runWriter('true')
    await symlink('/etc', join(directory, 'out'))
    await mkdir(join(directory, 'folder'))
    const status = async (page: string, file: string): Promise<number> =>
      (await files(page, { path: file })).status
    for (const page of ['read', 'download']) {
      expect(await status(page, `${virtual}/out/passwd`)).toBe(400)
      expect(await status(page, `${virtual}/../../../../../../../../etc/passwd`)).toBe(404)
      expect(await status(page, '/etc/passwd')).toBe(404)
      expect(await status(page, dirname(directory))).toBe(404)
      expect(await status(page, `${virtual}/missing`)).toBe(404)
      expect(await status(page, `${virtual}/folder`)).toBe(400)
      expect(await status(page, '')).toBe(400)
    }
    expect(await status('browse', cluster.workDir)).toBe(404)
    expect((await files('read', { path: virtual, offset: '-2' })).body).toBe(
      'Negative offset provided: -2.\n',
    )
  })
})
