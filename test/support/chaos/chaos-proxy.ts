/**
 * A TCP proxy that cuts, delays, splits and repeats, as a seed says. Bytes cannot be duplicated inside a TCP
 * connection, so what is repeated are requests: see `Fate`. Decisions hang on the seed, the proxy's name and the number
 * of the connection, and on bytes within it, never on time; which call travels on which connection is up to the client.
 */
import { once } from 'node:events'
import net from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeFate, planConnection, type ConnectionPlan, type Pace } from './chaos-plan.ts'

export interface ChaosProxyOptions {
  /** Goes into every decision, and into the log. */
  readonly name: string
  readonly seed: number
  /** One without a port is at the port of the proxy itself, on another address. */
  readonly target: { readonly host: string; readonly port?: number }
  /** Default 127.0.0.1. */
  readonly host?: string
  /** From this connection on none fails, so that what can be done gets done. Default 15. */
  readonly faultyConnections?: number
}

export interface ChaosProxy {
  readonly port: number
  /** What was done to each connection, oldest first. */
  readonly log: readonly string[]
  close(): Promise<void>
}

export async function startChaosProxy(options: ChaosProxyOptions): Promise<ChaosProxy> {
  const { faultyConnections = 15, host = '127.0.0.1', name, seed, target } = options
  const log: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0

  function connect(): Socket {
    const upstream = net.connect({ port, ...target, noDelay: true, allowHalfOpen: true })
    return track(upstream)
  }

  function track(socket: Socket): Socket {
    sockets.add(socket)
    // The other end may go at any time; whoever waits for this one sees it close.
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
    return socket
  }

  const server = net.createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    const number = (connections += 1)
    const mayFail = number <= faultyConnections
    const plan = planConnection(seed, name, number, mayFail)
    log.push(`${name} connection ${number}: ${describeFate(plan.fate)}`)
    carry(track(client), connect, plan)
  })
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    log,
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

/** Carries one connection of a client to its end. */
function carry(client: Socket, connect: () => Socket, { fate, request, answer }: ConnectionPlan) {
  if (fate.kind === 'refuse') {
    client.resetAndDestroy()
    return
  }
  let upstream = connect()
  let isStalled = false
  let requests = 0
  let isAnswered = true
  let isRepeated = false
  let lastRequest: Buffer[] = []

  function close(how: 'reset' | 'end' = 'end'): void {
    for (const socket of [client, upstream]) {
      if (how === 'reset') socket.resetAndDestroy()
      else socket.destroySoon()
    }
  }

  /** Clients of this project send one request at a time: bytes after an answer are the next one. */
  function noteRequest(segment: Buffer): void {
    if (isAnswered) {
      requests += 1
      lastRequest = []
      isAnswered = false
    }
    lastRequest.push(segment)
  }

  async function carryAnswers(): Promise<void> {
    const source = upstream
    for await (const segment of paced(source, answer, limitOf('answer'))) {
      if (isStalled || source !== upstream) return
      if (fate.kind === 'repeat' && requests === fate.request && !isRepeated) {
        isRepeated = true
        source.resetAndDestroy()
        upstream = connect()
        upstream.write(Buffer.concat(lastRequest))
        await carryAnswers()
        return
      }
      isAnswered = true
      await write(client, segment)
    }
    if (source === upstream) finish('answer')
  }

  async function carryRequests(): Promise<void> {
    for await (const segment of paced(client, request, limitOf('request'))) {
      if (isStalled) return
      noteRequest(segment)
      await write(upstream, segment)
    }
    finish('request')
  }

  function limitOf(direction: 'request' | 'answer'): number {
    if (fate.kind === 'cut' && fate.after === direction) return fate.bytes
    return fate.kind === 'stall' && direction === 'answer' ? fate.bytes : Infinity
  }

  function finish(direction: 'request' | 'answer'): void {
    if (fate.kind === 'cut' && fate.after === direction) close(fate.how)
    else if (fate.kind === 'stall') {
      isStalled = true
      void sleep(fate.forMs, undefined, { ref: false }).then(() => close('reset'))
    } else close()
  }

  carryAnswers().catch(() => close())
  carryRequests().catch(() => close())
}

/** The bytes of a socket in segments as paced, up to `limitBytes`. */
async function* paced(socket: Socket, pace: Pace, limitBytes: number): AsyncGenerator<Buffer> {
  let leftBytes = limitBytes
  if (leftBytes === 0) return
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    let rest = chunk as Buffer
    while (rest.length > 0) {
      const sizeBytes = Math.min(pace.nextSizeBytes(), rest.length, leftBytes)
      const delayMs = pace.nextDelayMs()
      if (delayMs > 0) await sleep(delayMs)
      yield rest.subarray(0, sizeBytes)
      rest = rest.subarray(sizeBytes)
      leftBytes -= sizeBytes
      if (leftBytes === 0) return
    }
  }
}

/** Resolves when the socket takes more, or never will. */
async function write(socket: Socket, segment: Buffer): Promise<void> {
  if (socket.destroyed || socket.write(segment)) return
  await new Promise((resolve) => {
    socket.once('drain', resolve)
    socket.once('close', resolve)
  })
}
