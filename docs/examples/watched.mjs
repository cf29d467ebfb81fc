/**
 * A framework in the standard XState inspector: every actor of the scheduler, over the WebSocket of
 * @statelyai/inspect. Give the address of a viewer, or of any program that takes its JSON frames.
 *
 *   node docs/examples/watched.mjs [MASTER] [INSPECTOR_URL]
 *
 * Without arguments: on a cluster in this process, with a viewer that prints a line per frame.
 */
import { once } from 'node:events'
import { createWebSocketInspector } from '@statelyai/inspect'
import { createFramework } from 'jarcast'
import { startLocalCluster } from 'jarcast/local'
import { WebSocketServer } from 'ws'

const [master, inspectorUrl] = process.argv.slice(2)
const cluster = master === undefined ? await startLocalCluster() : undefined
const viewer = inspectorUrl === undefined ? await startViewer() : undefined
const url = inspectorUrl ?? viewer.url
const inspector = createWebSocketInspector({ url })

try {
  const framework = createFramework({
    master: master ?? cluster.url,
    ...(cluster && { credentials: cluster.credentials }),
    inspect: inspector.inspect,
  })
  await framework.run({ work: { kind: 'shell', command: 'echo watched' } })
  await framework.drain()
  await viewer?.hasSeenTheEnd
} finally {
  if (inspector.adapter.status !== 'open') {
    console.error(`nobody watched: no viewer answers at ${url}`)
    process.exitCode = 1
  }
  inspector.stop()
  viewer?.close()
  await cluster?.close()
}
// A stopped inspector still dials a viewer that does not answer, every five seconds.
process.exit()

/** A minimal viewer: a WebSocket server that prints each frame. */
async function startViewer() {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const names = new Map()
  const hasSeenTheEnd = new Promise((resolve) => {
    server.on('connection', (socket) => {
      socket.on('message', (data) => {
        const frame = JSON.parse(data)
        if (frame.type === '@xstate.actor') names.set(frame.sessionId, frame.name)
        const actor = names.get(frame.sessionId) ?? frame.sessionId
        const what = frame.event?.type ?? ''
        const state = JSON.stringify(frame.snapshot?.value) ?? ''
        console.log([frame.type, actor, what, state].filter((part) => part !== '').join(' '))
        if (frame.snapshot?.status === 'done' && actor === 'scheduler') resolve()
      })
    })
  })
  return {
    url: `ws://127.0.0.1:${server.address().port}`,
    hasSeenTheEnd,
    close: () => server.close(),
  }
}
