/**
 * Answers to operators, compared with a recording of a real master and agent with the same tasks.
 */
import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../src/local/cluster.ts'
import { masterCodec } from '../../../src/mesos/codec.ts'
import { createRecordDecoder } from '../../../src/mesos/recordio.ts'
import { readCapture } from '../support/capture.ts'
import { ask, commandTask, connectScheduler, openStream } from '../support/client.ts'
import { replayCapture } from '../support/replay-capture.ts'
import type { Correspondence } from '../support/unify-recorded.ts'
import { until } from '../../support/until.ts'

type Json = { readonly [key: string]: unknown }

interface Recorded {
  readonly status: number
  readonly body: Json
}

let cluster: LocalCluster

async function start(allocationIntervalMs: number): Promise<void> {
  cluster = await startLocalCluster({
    open: true,
    allocationIntervalMs,
    hostnames: ['127.0.0.1'],
    attributes: { rack: 'r1', os: 'debian' },
  })
}

afterEach(() => cluster.close())

async function readOperatorCapture(): Promise<Readonly<Record<string, Recorded>>> {
  const file = new URL('../../fixtures/local/operator.json', import.meta.url)
  return JSON.parse(await readFile(file, 'utf8')) as Record<string, Recorded>
}

/** Tasks of the last three frameworks that were removed before the recording. */
const history = ['through', 'gone', 'orphan']
const commands = { through: 'true', gone: 'sleep 100', orphan: 'sleep 100' }
const earlier = ['dup', 'ex-same', 'ex-exit', 'ex-silent', 'survivor']

async function repeatHistory(): Promise<void> {
  for (const id of history) {
    const { capabilities, roles } = capturedFramework
    const failoverTimeout = id === 'orphan' ? 4 : 60
    const scheduler = await connectScheduler(cluster.url, {
      user: 'root',
      name: 'capture',
      checkpoint: true,
      capabilities,
      roles,
      failoverTimeout,
    })
    const offer = await scheduler.takeOffer()
    const { resources } = commandTask(id, offer, '')
    const allocated = resources?.map((each) => ({ ...each, allocationInfo: { role: '*' } }))
    const command = commands[id as keyof typeof commands]
    await scheduler.launch(offer, {
      ...commandTask(id, offer, command),
      ...(allocated === undefined ? {} : { resources: allocated }),
    })
    await scheduler.follow(id, id === 'through' ? 'TASK_FINISHED' : 'TASK_RUNNING')
    await scheduler.call({ type: 'TEARDOWN' })
    await untilAgentForgets(scheduler.frameworkId)
  }
}

const capturedFramework = {
  roles: ['*'],
  capabilities: [
    { type: 'MULTI_ROLE' },
    { type: 'PARTITION_AWARE' },
    { type: 'RESERVATION_REFINEMENT' },
  ],
} as const

async function untilAgentForgets(frameworkId: string): Promise<void> {
  const url = `${cluster.agents[0]?.url}/state`
  await until(`an agent without framework ${frameworkId}`, async () => {
    const state = JSON.parse((await ask(url)).body) as { frameworks: readonly { id: string }[] }
    return !state.frameworks.some(({ id }) => id === frameworkId)
  })
}

/** Makes the request named in a recording: `agent GET_TASKS` or `GET /state`. */
async function askAs(name: string): Promise<Recorded> {
  const isAgent = name.startsWith('agent ')
  const what = name.replace('agent ', '')
  const url = isAgent ? (cluster.agents[0]?.url ?? '') : cluster.url
  const body = { type: what, ...(what === 'GET_CONTAINERS' ? { get_containers: {} } : {}) }
  const answer = what.startsWith('GET /')
    ? await ask(url + what.slice('GET '.length))
    : await ask(`${url}/api/v1`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })
  return { status: answer.status, body: JSON.parse(answer.body) as Json }
}

/** Not compared; docs/decisions.md has the reasons. */
const untold = new Set([
  'build_date',
  'build_time',
  'build_user',
  'git_sha',
  'flags',
  'checkpoint',
  'reregistered_time',
  'master_hostname',
  'directory',
  'arguments',
])

/** Sorted, without earlier frameworks and fields that are not compared. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value
      .filter((item) => !isEarlier(item))
      .map(comparable)
      .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
  }
  if (typeof value === 'string') {
    // The recorded task slept for 20 s; not here.
    return value.replace(/^\/usr\/local\/libexec\/mesos\//u, '').replace("'sleep 20'", "'true'")
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => !untold.has(key))
  return Object.fromEntries(entries.map(([key, item]) => [key, comparable(item)]))
}

function isEarlier(item: unknown): boolean {
  const text = JSON.stringify(item)
  const isTask = (id: string): boolean => text.includes(`"${id}"`)
  if (history.some(isTask) || isTask('seen')) return false
  return earlier.some(isTask) || earlierFrameworks.test(text)
}

/** Earlier frameworks without tasks to recognise them. */
const earlierFrameworks = /"02d9a361-9353-40e4-bf2b-cc3f2520de27-000[01]"/u

/** Sorts lists of a hash map by what their ids stand for, which is equal in every run. */
function sortKey(item: unknown): string {
  const text = JSON.stringify(item)
  const task = [...history, 'seen'].find((id) => text.includes(`"${id}"`))
  const name = typeof item === 'object' && item !== null ? (item as Json)['name'] : ''
  return `${task ?? ''} ${String(name)} ${/"state":"TASK_\w+"/u.exec(text)?.[0] ?? ''}`
}

async function compareWith(
  recordings: Readonly<Record<string, Recorded>>,
  ids: Correspondence,
): Promise<string[]> {
  const differences: string[] = []
  for (const [name, recorded] of Object.entries(recordings)) {
    if (!/^(?:agent )?GET/u.test(name)) continue
    const present = await askAs(name)
    const found = ids.unify(comparable(recorded), comparable(present))
    differences.push(...found.map((each) => `${name} ${each}`))
  }
  return differences
}

describe('recorded answers to operators', () => {
  it('were sent by a framework that gets the same answers here', async () => {
    await start(50)
    const entries = await readCapture('operator-traffic')
    expect(await replayCapture(entries, { url: () => cluster.url })).toEqual([])
  })

  it('are the same here, field by field', async () => {
    // A framework is offered everything at once; the rest is not offered again during the test.
    await start(3_600_000)
    await repeatHistory()
    const recordings = await readOperatorCapture()
    const entries = await readCapture('operator-traffic')
    const seenOffer = entries.findIndex(({ event }) => event?.type === 'OFFERS')
    const acknowledged = entries.findLastIndex(
      ({ call, t }) => call?.type === 'ACKNOWLEDGE' && t < 1000,
    )
    const script = [
      ...entries.slice(0, seenOffer + 1),
      { t: 0, operator: 'watch' },
      ...entries.slice(seenOffer + 1, acknowledged + 1),
      { t: 0, operator: 'look' },
      ...entries.slice(acknowledged + 1).filter(({ event }) => event?.type !== 'OFFERS'),
    ]
    const differences: string[] = []
    const events: Json[] = []
    let learned: Correspondence | undefined
    const traffic = await replayCapture(script, {
      url: () => cluster.url,
      async act({ operator }, ids) {
        learned = ids
        if (operator === 'watch') await watchEvents(events)
        else differences.push(...(await compareWith(recordings, ids)))
      },
    })
    expect(traffic).toEqual([])
    expect(differences).toEqual([])
    const recordedEvents = recordings['events'] as unknown as readonly Json[]
    const seen = events.slice(0, recordedEvents.length)
    expect(learned?.unify(comparable(recordedEvents), comparable(seen))).toEqual([])
  })
})

async function watchEvents(events: Json[]): Promise<void> {
  const codec = masterCodec('application/json')
  const headers = { 'Content-Type': codec.mediaType, Accept: codec.mediaType }
  const body = codec.encodeCall({ type: 'SUBSCRIBE' })
  const response = await openStream(`${cluster.url}/api/v1`, { method: 'POST', headers, body })
  const decoder = createRecordDecoder()
  response.on('error', () => {})
  await new Promise<void>((resolve) => {
    response.on('data', (chunk: Buffer) => {
      for (const record of decoder.push(chunk)) {
        events.push(JSON.parse(Buffer.from(record).toString()) as Json)
      }
      if (events.length > 1) resolve()
    })
  })
}
