/** A framework that accepts an offer without looking, and launches nothing: the least that a framework in Node can do. */
import { once } from 'node:events'
import http from 'node:http'
import { createRecordDecoder } from '../../../src/mesos/recordio.ts'
import * as calls from '../../../src/mesos/scheduler-calls.ts'
import type { SchedulerCall } from '../../../src/mesos/types.generated.ts'
import { codec } from '../support/built.ts'

export interface BareClient {
  /** Asks for an offer; resolves when its ACCEPT has been answered. */
  acceptOne(): Promise<void>
  close(): void
}

export async function startBareClient(url: string): Promise<BareClient> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const post = (call: SchedulerCall): http.ClientRequest => {
    const request = http.request(`${url}/api/v1/scheduler`, {
      method: 'POST',
      agent: call.type === 'SUBSCRIBE' ? false : agent,
      headers: { 'Content-Type': codec.mediaType, Accept: codec.mediaType },
    })
    if (call.type !== 'SUBSCRIBE') request.on('response', (answer) => answer.resume())
    return request.end(codec.encodeCall(call))
  }
  const frameworkInfo = { user: 'bench', name: 'bench' }
  const stream = post({ type: 'SUBSCRIBE', subscribe: { frameworkInfo } })
  const [response] = (await once(stream, 'response')) as [http.IncomingMessage]
  const decoder = createRecordDecoder()
  let accepted = (): void => {}
  response.on('error', () => {})
  response.on('data', (chunk: Buffer) => {
    for (const record of decoder.push(chunk)) {
      const event = codec.decodeEvent(record)
      if (event.type !== 'OFFERS') continue
      const offerIds = (event.offers.offers ?? []).map(({ id }) => id.value)
      post(calls.accept('f', offerIds, [], {})).once('response', () => accepted())
    }
  })
  return {
    acceptOne: async () =>
      await new Promise((resolve) => {
        accepted = resolve
        post(calls.revive('f'))
      }),
    close() {
      response.destroy()
      agent.destroy()
    },
  }
}
