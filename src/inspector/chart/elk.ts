/** ELK in this thread, or in one of its own. */
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { ELK, ELKConstructorArguments, ElkNode } from 'elkjs/lib/elk-api.js'
import type { ElkLayout } from './layout.ts'

/** Its types declare a `default` export, which the CommonJS package does not have. */
type ElkClass = new (args?: ELKConstructorArguments) => ELK

/** Layout in this thread: 10 to 50 ms for a machine of 20 states. */
export const layOutHere: ElkLayout = async (graph) => {
  const { default: Elk } = await import('elkjs/lib/elk.bundled.js')
  return await new (Elk as unknown as ElkClass)().layout(graph)
}

/** Maximum time of a layout, ms: a chart that takes longer is too large to read. */
const maxLayoutMs = 10_000

/** Makes ELK's own worker, made for browsers, one of Node. */
const workerCode = `
const { parentPort, workerData } = require('node:worker_threads')
globalThis.self = globalThis
globalThis.postMessage = (message) => parentPort.postMessage(message)
globalThis.document = undefined
require(workerData)
parentPort.on('message', (data) => globalThis.onmessage({ data }))
`

/**
 * Layout in a thread of its own, so that a run or a page never waits for it. Rejects after 10 s.
 */
export const layOutApart: ElkLayout = async (graph) => {
  const { default: Elk } = await import('elkjs/lib/elk-api.js')
  const path = createRequire(import.meta.url).resolve('elkjs/lib/elk-worker.min.js')
  const worker = new Worker(workerCode, { eval: true, workerData: path })
  worker.unref()
  let timer: NodeJS.Timeout | undefined
  try {
    const elk = new (Elk as unknown as ElkClass)({ workerFactory: () => toWebWorker(worker) })
    const isLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the layout takes too long')), maxLayoutMs)
      worker.once('error', reject)
    })
    return await Promise.race([elk.layout(graph) as Promise<ElkNode>, isLate])
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}

type WebWorker = ReturnType<NonNullable<ELKConstructorArguments['workerFactory']>>

/** What ELK uses of a browser's Worker. */
function toWebWorker(worker: Worker): WebWorker {
  const web = {
    onmessage: (_: { readonly data: unknown }): void => undefined,
    postMessage: (message: unknown) => worker.postMessage(message),
    terminate: () => void worker.terminate(),
  }
  worker.on('message', (data) => web.onmessage({ data }))
  return web as unknown as WebWorker
}
