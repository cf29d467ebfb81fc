/** A master that says what a benchmark tells it to, and says when a call has come in. Protobuf only. */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { schedulerCodec } from '../../../src/mesos/codec.ts'
import { encodeRecord } from '../../../src/mesos/recordio.ts'
import type { SchedulerCall, SchedulerEvent } from '../../../src/mesos/types.generated.ts'

export interface ScriptedMaster {
  readonly url: string
  /** Told of every call but SUBSCRIBE, once its last byte is there; `atMs` as `performance.now`. */
  onCall: (call: SchedulerCall, atMs: number) => void
  /** A framework is there and has heard SUBSCRIBED. */
  readonly subscribed: Promise<void>
  /** Encodes before it takes the time, so that only the way to the framework and back is measured. */
  send(...events: readonly SchedulerEvent[]): number
  close(): void
}

const codec = schedulerCodec('application/x-protobuf')

export async function startScriptedMaster(): Promise<ScriptedMaster> {
  let stream: ServerResponse | undefined
  let resolveSubscribed: () => void = () => {}
  const subscribed = new Promise<void>((resolve) => {
    resolveSubscribed = resolve
  })
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const atMs = performance.now()
      const call = codec.decodeCall(Buffer.concat(chunks))
      if (call.type === 'SUBSCRIBE') {
        stream = response
        response.writeHead(200, { 'Content-Type': codec.mediaType, 'Mesos-Stream-Id': 's' })
        const frameworkId = { value: 'f' }
        master.send(
          { type: 'SUBSCRIBED', subscribed: { frameworkId, heartbeatIntervalSeconds: 3600 } },
          { type: 'HEARTBEAT' },
        )
        resolveSubscribed()
        return
      }
      response.writeHead(202).end()
      master.onCall(call, atMs)
    })
  })
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const master: ScriptedMaster = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    subscribed,
    onCall: () => {},
    send(...events) {
      const frames = events.map((event) => encodeRecord(codec.encodeEvent(event)))
      const bytes = Buffer.concat(frames)
      const atMs = performance.now()
      stream?.write(bytes)
      return atMs
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return master
}
