/**
 * The framework on the local cluster, and the local cluster at scale: tasks and offers per second, and how long an
 * offer takes to become an ACCEPT. Runs what `npm run build` made.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { createFramework, Framework } from '../../src/framework/framework.ts'
import type { FrameworkOptions } from '../../src/framework/options/options.ts'
import type { startLocalCluster } from '../../src/local/cluster.ts'
import { schedulerCodec } from '../../src/mesos/codec.ts'
import { createRecordDecoder } from '../../src/mesos/recordio.ts'
import * as calls from '../../src/mesos/scheduler-calls.ts'
import type { Offer, SchedulerCall, SchedulerEvent } from '../../src/mesos/types.generated.ts'
import { median, rate, secondsOf } from './measure.ts'
import type { Figure } from './measure.ts'
import { startScriptedMaster, type ScriptedMaster } from './scripted-master.ts'

interface Index {
  readonly createFramework: typeof createFramework
}

interface Local {
  readonly startLocalCluster: typeof startLocalCluster
}

const shortTasks = 1000
const manyAgents = 10_000
const latencyRounds = 1000
const codec = schedulerCodec('application/x-protobuf')

export async function* figures(): AsyncGenerator<Figure> {
  if (!existsSync('dist/index.js')) throw new Error('run npm run build first')
  const index = await load<Index>('dist/index.js')
  const local = await load<Local>('dist/exports/local.js')
  yield await shortTasksOnWarmExecutor(index, local)
  const offers = await offersOf(local, manyAgents)
  yield* offersHandled(index, offers)
  yield* offerToAccept(index, offers.slice(0, 1))
  for (const count of [100, 1000, manyAgents]) yield* await rounds(local, count)
  yield await simulatedTasks(index, local)
}

async function load<Module>(file: string): Promise<Module> {
  return (await import(pathToFileURL(resolve(file)).href)) as Module
}

/** Beside processes of the same command, as many at a time, without anything around them. */
async function shortTasksOnWarmExecutor(index: Index, local: Local): Promise<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-bench-'))
  const library = join(folder, 'note.txt')
  await writeFile(library, 'shipped')
  // What tasks give back is offered again at the next round, here as in Mesos: rounds come often.
  const cluster = await local.startLocalCluster({
    open: true,
    allocationIntervalMs: 20,
    agentResources: { cpus: 16.1, memMb: 8192 },
  })
  const framework = index.createFramework({ master: cluster.url, libraries: [library] })
  const runAll = (count: number): Promise<unknown> =>
    Promise.all(Array.from({ length: count }, () => framework.run(shell(0.5))))
  try {
    await runAll(16)
    const seconds = await secondsOf(() => runAll(shortTasks), 3)
    const peerSeconds = await secondsOf(() => spawnAll(shortTasks, 16), 3)
    const what = `${shortTasks} shell tasks on a warm executor`
    return rate(what, shortTasks, seconds, 'tasks/s', ['spawn of sh', peerSeconds])
  } finally {
    await framework.stop()
    await cluster.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function shell(cpus: number) {
  return { work: { kind: 'shell', command: 'true' }, resources: { cpus, memMb: 32 } } as const
}

async function spawnAll(count: number, atOnce: number): Promise<void> {
  let left = count
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await once(spawn('/bin/sh', ['-c', 'true'], { stdio: 'ignore' }), 'exit')
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/** What a cluster of so many simulated agents offers at first. */
async function offersOf(local: Local, simulatedAgents: number): Promise<readonly Offer[]> {
  const cluster = await local.startLocalCluster({ open: true, simulatedAgents })
  try {
    return (await listen(cluster.url)).offers
  } finally {
    await cluster.close()
  }
}

interface Listener {
  readonly offers: readonly Offer[]
  readonly headers: Readonly<Record<string, string>>
  readonly frameworkId: string
  /** Resolves with the next event of the type. */
  next<Type extends SchedulerEvent['type']>(
    type: Type,
  ): Promise<Extract<SchedulerEvent, { readonly type: Type }>>
  end(): void
}

/** A framework that only listens. */
async function listen(url: string): Promise<Listener> {
  const request = http.request(`${url}/api/v1/scheduler`, {
    method: 'POST',
    headers: { 'Content-Type': codec.mediaType, Accept: codec.mediaType },
  })
  const frameworkInfo = { user: 'bench', name: 'bench' }
  request.end(codec.encodeCall({ type: 'SUBSCRIBE', subscribe: { frameworkInfo } }))
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  const decoder = createRecordDecoder()
  const events: SchedulerEvent[] = []
  let wake: () => void = () => {}
  response.on('data', (chunk: Buffer) => {
    for (const record of decoder.push(chunk)) events.push(codec.decodeEvent(record))
    wake()
  })
  response.on('error', () => {})
  const next: Listener['next'] = async (type) => {
    for (;;) {
      const event = events.shift()
      if (event?.type === type) return event as never
      if (event !== undefined) continue
      await new Promise<void>((resolveMore) => {
        wake = resolveMore
      })
    }
  }
  const { subscribed } = await next('SUBSCRIBED')
  const { offers } = await next('OFFERS')
  return {
    offers: offers.offers ?? [],
    headers: { 'Mesos-Stream-Id': String(response.headers['mesos-stream-id']) },
    frameworkId: subscribed.frameworkId.value,
    next,
    end: () => response.destroy(),
  }
}

/** One OFFERS while a task waits that none of them fits: given back at once, and kept for a while as by default. */
async function* offersHandled(index: Index, offers: readonly Offer[]): AsyncGenerator<Figure> {
  const bytes = codec.encodeEvent({ type: 'OFFERS', offers: { offers } })
  const peer = ['decoded only', await secondsOf(() => codec.decodeEvent(bytes))] as const
  const declined = await secondsToDecline(index, offers)
  yield rate(`${offers.length} offers at once, declined`, offers.length, declined, 'offers/s', peer)
  const held = await secondsToHold(index, offers)
  yield rate(`${offers.length} offers at once, held`, offers.length, held, 'offers/s', peer)
}

/** From the bytes of the OFFERS to the DECLINE of the last offer in it. */
async function secondsToDecline(index: Index, offers: readonly Offer[]): Promise<number> {
  const { framework, master } = await withScriptedMaster(index, { offerHoldMs: 0 })
  const never = framework.run(shell(999)).catch(() => undefined)
  let round = 0
  const seconds = await secondsOf(async () => {
    const declined = new Promise<void>((resolveDeclined) => {
      let left = offers.length
      master.onCall = (call) => {
        if (call.type === 'DECLINE') left -= call.decline.offerIds?.length ?? 0
        if (left === 0) resolveDeclined()
      }
    })
    master.send(offersOfRound(round++, offers))
    await declined
  })
  await framework.stop()
  master.close()
  await never
  return seconds
}

/** From the bytes of the OFFERS until the framework has looked at all of them; they have gone back by the next round. */
async function secondsToHold(index: Index, offers: readonly Offer[]): Promise<number> {
  const { framework, master } = await withScriptedMaster(index, { offerHoldMs: 50 })
  const never = framework.run(shell(999)).catch(() => undefined)
  const samples: number[] = []
  for (let round = 0; round < 6; round++) {
    const givenBack = new Promise<void>((resolveGivenBack) => {
      master.onCall = ({ type }) => {
        if (type === 'DECLINE') resolveGivenBack()
      }
    })
    const received = new Promise((resolveReceived) => {
      framework.once('offers.received', resolveReceived)
    })
    const sentAt = master.send(offersOfRound(round, offers))
    await received
    samples.push((performance.now() - sentAt) / 1000)
    await givenBack
  }
  await framework.stop()
  master.close()
  await never
  return median(samples.slice(1))
}

async function withScriptedMaster(
  index: Index,
  options: Pick<FrameworkOptions, 'offerHoldMs' | 'revives'>,
): Promise<{ framework: Framework; master: ScriptedMaster }> {
  const master = await startScriptedMaster()
  const framework = index.createFramework({ master: master.url, ...options })
  await framework.start()
  await master.subscribed
  return { framework, master }
}

/** From the bytes of an OFFERS to those of the ACCEPT, beside a client that accepts without looking. */
async function* offerToAccept(index: Index, offers: readonly Offer[]): AsyncGenerator<Figure> {
  // Asks anew for each task, as often as it likes.
  const always = { offerHoldMs: 0, revives: { burst: 1_000_000 } }
  const { framework, master } = await withScriptedMaster(index, always)
  // The last task is still running when the framework stops.
  const ask = (): void => void framework.run(shell(0.5)).catch(() => undefined)
  const ours = await latencies(master, offers, ask, 'REVIVE')
  await framework.stop()
  master.close()
  const bareMaster = await startScriptedMaster()
  const bare = await startBareClient(bareMaster.url)
  const peers = await latencies(bareMaster, offers, bare.revive, 'REVIVE')
  bareMaster.close()
  for (const [name, share] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const) {
    const value = quantile(ours, share)
    const peerValue = quantile(peers, share)
    yield {
      case: `OFFERS in to ACCEPT out, ${name}`,
      value,
      unit: 'ms',
      peer: 'accept unseen',
      peerValue,
      ratio: value / peerValue,
    }
  }
}

/** Asks for an offer, gives one, waits for its ACCEPT, and ends the task that it launches. */
async function latencies(
  master: ScriptedMaster,
  offers: readonly Offer[],
  ask: () => void,
  askedBy: SchedulerCall['type'],
): Promise<readonly number[]> {
  const samples: number[] = []
  for (let round = 0; round < latencyRounds + 100; round++) {
    const accepted = new Promise<number>((resolveAccepted) => {
      let sentAt = 0
      let isSent = false
      master.onCall = (call, atMs) => {
        if (call.type === 'ACCEPT') {
          resolveAccepted(atMs - sentAt)
          for (const taskId of taskIdsOf(call)) master.send(finished(taskId, offers))
        }
        if (call.type !== askedBy || isSent) return
        isSent = true
        sentAt = master.send(offersOfRound(round, offers))
      }
    })
    ask()
    // The first hundred warm the code up.
    const sample = await accepted
    if (round >= 100) samples.push(sample)
  }
  return samples
}

function offersOfRound(round: number, offers: readonly Offer[]): SchedulerEvent {
  const fresh = offers.map((offer, index) => ({ ...offer, id: { value: `o${round}-${index}` } }))
  return { type: 'OFFERS', offers: { offers: fresh } }
}

function taskIdsOf(call: Extract<SchedulerCall, { readonly type: 'ACCEPT' }>): string[] {
  return (call.accept.operations ?? []).flatMap((operation) =>
    operation.type === 'LAUNCH'
      ? (operation.launch.taskInfos ?? []).map(({ taskId }) => taskId.value)
      : [],
  )
}

function finished(taskId: string, [offer]: readonly Offer[]): SchedulerEvent {
  const agentId = offer?.agentId ?? { value: '' }
  const uuid = Buffer.alloc(16, taskId).toString('base64')
  return {
    type: 'UPDATE',
    update: { status: { taskId: { value: taskId }, agentId, state: 'TASK_FINISHED', uuid } },
  }
}

async function startBareClient(url: string): Promise<{ revive(): void }> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const send = (call: SchedulerCall): http.ClientRequest => {
    const request = http.request(`${url}/api/v1/scheduler`, {
      method: 'POST',
      agent: call.type === 'SUBSCRIBE' ? false : agent,
      headers: { 'Content-Type': codec.mediaType, Accept: codec.mediaType },
    })
    if (call.type !== 'SUBSCRIBE') request.on('response', (answer) => answer.resume())
    return request.end(codec.encodeCall(call))
  }
  const frameworkInfo = { user: 'bench', name: 'bench' }
  const stream = send({ type: 'SUBSCRIBE', subscribe: { frameworkInfo } })
  const [response] = (await once(stream, 'response')) as [http.IncomingMessage]
  const decoder = createRecordDecoder()
  response.on('error', () => {})
  response.on('data', (chunk: Buffer) => {
    for (const record of decoder.push(chunk)) {
      const event = codec.decodeEvent(record)
      if (event.type !== 'OFFERS') continue
      const offerIds = (event.offers.offers ?? []).map(({ id }) => id.value)
      send(calls.accept('f', offerIds, [], {}))
    }
  })
  return { revive: () => void send(calls.revive('f')) }
}

function quantile(samples: readonly number[], share: number): number {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length * share)] ?? Number.NaN
}

/** From a REVIVE to the last byte of the offers of all agents, which is one round of the allocator and its OFFERS. */
async function rounds(local: Local, simulatedAgents: number): Promise<readonly Figure[]> {
  const before = heapBytes()
  const cluster = await local.startLocalCluster({
    open: true,
    simulatedAgents,
    allocationIntervalMs: 3_600_000,
  })
  const bytesPerAgent = (heapBytes() - before) / simulatedAgents
  const listener = await listen(cluster.url)
  let offerIds = listener.offers.map(({ id }) => id.value)
  const post = async (call: SchedulerCall): Promise<void> => {
    const headers = { 'Content-Type': codec.mediaType, ...listener.headers }
    const request = http.request(`${cluster.url}/api/v1/scheduler`, { method: 'POST', headers })
    request.end(codec.encodeCall(call))
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage]
    answer.resume()
  }
  const seconds = await secondsOf(async () => {
    await post(calls.decline(listener.frameworkId, offerIds, { refuseSeconds: 0 }))
    const next = listener.next('OFFERS')
    await post(calls.revive(listener.frameworkId))
    offerIds = ((await next).offers.offers ?? []).map(({ id }) => id.value)
  })
  listener.end()
  await cluster.close()
  return [
    {
      case: `decline and offer again, ${simulatedAgents} agents`,
      value: seconds * 1000,
      unit: 'ms',
    },
    { case: `heap per agent, ${simulatedAgents} agents`, value: bytesPerAgent / 1024, unit: 'KiB' },
  ]
}

function heapBytes(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

/** Through every state, updates acknowledged, on a thousand agents. */
async function simulatedTasks(index: Index, local: Local): Promise<Figure> {
  const cluster = await local.startLocalCluster({
    open: true,
    simulatedAgents: 1000,
    simulatedTaskMs: 0,
    allocationIntervalMs: 20,
  })
  const framework = index.createFramework({ master: cluster.url })
  await framework.start()
  const seconds = await secondsOf(
    () => Promise.all(Array.from({ length: 4000 }, () => framework.run(shell(0.5)))),
    3,
  )
  await framework.stop()
  await cluster.close()
  return rate('simulated tasks, 4000 on 1000 agents', 4000, seconds, 'tasks/s')
}
