/** What a flood of status updates does to a framework with a journal whose disk is slow. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { schedulerCodec } from '../../../src/mesos/codec.ts'
import { encodeRecord } from '../../../src/mesos/recordio.ts'
import type { SchedulerEvent } from '../../../src/mesos/types.generated.ts'
import { offer, status } from '../../support/mesos/mesos-data.ts'
import type { Figure } from '../support/measure.ts'
import { startFrameworkProcess } from './framework-process.ts'

/** Many times what the inbox and the journal hold at once. */
const updates = 40_000
const syncsMs = [1, 200]
const tasks = 1000
/** A run is over when no acknowledgement has come for so long. */
const quietMs = 5000

export async function* figures(): AsyncGenerator<Figure> {
  for (const syncMs of syncsMs) {
    const { aboveMb, lost, perSecond } = await flood(syncMs)
    const what = `${updates} updates, ${syncMs} ms per sync`
    yield { case: `${what}: memory above idle`, value: aboveMb, unit: 'MB' }
    yield { case: `${what}: acknowledgements lost`, value: lost, unit: '' }
    yield { case: `${what}: rate`, value: perSecond, unit: 'updates/s' }
  }
}

async function flood(syncMs: number) {
  const folder = mkdtempSync(join(tmpdir(), 'jarcast-bench-'))
  const master = await startFloodingMaster()
  const journal = join(folder, 'journal')
  const framework = await startFrameworkProcess({ master: master.url, journal, tasks, syncMs })
  try {
    await master.launched
    await wait(1000)
    const idleMb = framework.memoryMb
    const startedAt = performance.now()
    await master.flood()
    await master.quiet()
    const seconds = (master.lastAckAt - startedAt) / 1000
    await wait(300)
    return {
      aboveMb: framework.peakMb - idleMb,
      lost: updates - master.acknowledged.size,
      perSecond: master.acknowledged.size / seconds,
    }
  } finally {
    await framework.close()
    master.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Offers until all tasks are launched, then sends updates as fast as they are read, each with a uuid of its own. */
async function startFloodingMaster() {
  const codec = schedulerCodec('application/x-protobuf')
  const acknowledged = new Set<string>()
  let lastAckAt = performance.now()
  let launched = 0
  let stream: ServerResponse | undefined
  let resolveLaunched: () => void = () => undefined
  const allLaunched = new Promise<void>((resolve) => {
    resolveLaunched = resolve
  })
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const call = codec.decodeCall(Buffer.concat(chunks))
      if (call.type === 'SUBSCRIBE') {
        stream = response
        response.writeHead(200, { 'Content-Type': codec.mediaType, 'Mesos-Stream-Id': 's' })
        const frameworkId = { value: 'f1' }
        send({ type: 'SUBSCRIBED', subscribed: { frameworkId, heartbeatIntervalSeconds: 1 } })
        return
      }
      response.writeHead(202).end()
      if (call.type === 'ACKNOWLEDGE') {
        acknowledged.add(call.acknowledge.uuid)
        lastAckAt = performance.now()
      } else if (call.type === 'ACCEPT') {
        for (const operation of call.accept.operations ?? [])
          if (operation.type === 'LAUNCH') launched += operation.launch.taskInfos?.length ?? 0
        if (launched >= tasks) resolveLaunched()
      }
    })
  })
  const send = (event: SchedulerEvent) => stream?.write(encodeRecord(codec.encodeEvent(event)))
  let offers = 0
  const beat = setInterval(() => {
    send({ type: 'HEARTBEAT' })
    if (launched >= tasks) return
    const fresh = offer(`o${offers++}`, { cpus: 1000, memMb: 100_000 })
    send({ type: 'OFFERS', offers: { offers: [fresh] } })
  }, 200)
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    launched: allLaunched,
    acknowledged,
    get lastAckAt() {
      return lastAckAt
    },
    async flood() {
      for (let index = 0; index < updates; index++) {
        const isRoom = send({ type: 'UPDATE', update: { status: updateOf(index) } })
        if (isRoom === false && stream !== undefined) await once(stream, 'drain')
      }
    },
    async quiet() {
      while (acknowledged.size < updates && performance.now() - lastAckAt < quietMs) await wait(100)
    },
    close() {
      clearInterval(beat)
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Each says something new, as in a cluster that is busy. */
function updateOf(index: number) {
  const uuid = Buffer.alloc(16)
  uuid.writeUInt32BE(index)
  const state = Math.floor(index / tasks) % 2 === 0 ? 'TASK_RUNNING' : 'TASK_STARTING'
  return status(`task-${index % tasks}`, state, {
    agentId: { value: 'a1' },
    uuid: uuid.toString('base64'),
    containerStatus: { containerId: { value: '6a6d2e5c-7d4c-4d3e-9d59-0f2b0f1e8f0a' } },
  })
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
