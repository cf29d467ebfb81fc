/** Ports for servers that must be told theirs before they start. */
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import type { Server } from 'node:net'

/** Below the ports that systems give to connections, and to whoever listens on port 0. */
const [lowest, highest] = [10_000, 30_000]

/** Different free ports of 127.0.0.1. Nothing but another call, by chance, takes them meanwhile. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held = new Map<number, Server>()
  while (held.size < count) {
    const port = randomInt(lowest, highest)
    const server = held.has(port) ? undefined : await listenAt(port)
    if (server !== undefined) held.set(port, server)
  }
  await Promise.all([...held.values()].map((server) => new Promise((done) => server.close(done))))
  return [...held.keys()]
}

/** Undefined for a port in use. */
function listenAt(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}
