/** The built package, and a framework of few lines, for benchmarks on a cluster. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import http from 'node:http'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { createFramework } from '../../../src/framework/framework.ts'
import type { startLocalCluster } from '../../../src/local/cluster.ts'
import { schedulerCodec } from '../../../src/mesos/codec.ts'
import { createRecordDecoder } from '../../../src/mesos/recordio.ts'
import type { Offer, SchedulerEvent } from '../../../src/mesos/types.generated.ts'

export interface Index {
  readonly createFramework: typeof createFramework
}

export interface Local {
  readonly startLocalCluster: typeof startLocalCluster
}

export const codec = schedulerCodec('application/x-protobuf')

/** What `npm run build` made. */
export async function loadBuilt(): Promise<{ readonly index: Index; readonly local: Local }> {
  if (!existsSync('dist/index.js')) throw new Error('run npm run build first')
  return {
    index: await load<Index>('dist/index.js'),
    local: await load<Local>('dist/exports/local.js'),
  }
}

async function load<Module>(file: string): Promise<Module> {
  return (await import(pathToFileURL(resolve(file)).href)) as Module
}

export function shell(cpus: number) {
  return { work: { kind: 'shell', command: 'true' }, resources: { cpus, memMb: 32 } } as const
}

export interface Listener {
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
export async function listen(url: string): Promise<Listener> {
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
