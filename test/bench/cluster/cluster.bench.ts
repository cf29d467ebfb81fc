/**
 * The framework on the local cluster, and the local cluster at scale: tasks and rounds of offers. Runs what
 * `npm run build` made.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as calls from '../../../src/mesos/scheduler-calls.ts'
import type { SchedulerCall } from '../../../src/mesos/types.generated.ts'
import { codec, listen, loadBuilt, shell } from '../support/built.ts'
import type { Index, Local } from '../support/built.ts'
import { heapBytes } from '../support/heap.ts'
import { rate, roundsOf, roundsOfEach, secondsOf } from '../support/measure.ts'
import type { Figure } from '../support/measure.ts'

const shortTasks = 300
const simulatedTasks = 2000

export async function* figures(): AsyncGenerator<Figure> {
  const { index, local } = await loadBuilt()
  yield await shortTasksOnWarmExecutor(index, local)
  for (const count of [100, 1000, 10_000]) yield* await rounds(local, count)
  yield await tasksOnSimulatedAgents(index, local)
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
    const [own = [], peer = []] = await roundsOfEach(
      [() => runAll(shortTasks), () => spawnAll(shortTasks, 16)],
      3,
    )
    const what = `${shortTasks} shell tasks on a warm executor`
    return rate(what, shortTasks, own, 'tasks/s', ['spawn of sh', peer])
  } finally {
    await framework.stop()
    await cluster.close()
    await rm(folder, { recursive: true, force: true })
  }
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

/** Through every state, updates acknowledged, on a thousand agents. */
async function tasksOnSimulatedAgents(index: Index, local: Local): Promise<Figure> {
  const cluster = await local.startLocalCluster({
    open: true,
    simulatedAgents: 1000,
    simulatedTaskMs: 0,
    allocationIntervalMs: 20,
  })
  const framework = index.createFramework({ master: cluster.url })
  await framework.start()
  const seconds = await roundsOf(
    () => Promise.all(Array.from({ length: simulatedTasks }, () => framework.run(shell(0.5)))),
    3,
  )
  await framework.stop()
  await cluster.close()
  const what = `simulated tasks, ${simulatedTasks} on 1000 agents`
  return rate(what, simulatedTasks, seconds, 'tasks/s')
}
