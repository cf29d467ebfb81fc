/** The client of the jar server's bench: a process of its own, the same for every server. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

const inFlight = 16

export interface Load {
  readonly path: string
  readonly count: number
  /** Of the body of each answer: another length ends the benchmark. */
  readonly bodyBytes: number
  /** Each request asks for so many bytes at another place. */
  readonly rangeBytes?: number
  /** Over TLS 1.3 with AES-256-GCM, whatever the server prefers. */
  readonly isSecure?: boolean
}

/** A client that costs the measured processes nothing but the connections. */
export function startClient(ends: (() => unknown)[]): (port: number, load: Load) => Promise<void> {
  const child = spawn(process.execPath, ['-e', `(${answerLoads.toString()})(${inFlight})`], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  ends.push(() => child.kill())
  const exited = once(child, 'exit').then(() => ['exit'])
  return async (port, load) => {
    child.send({ port, ...load })
    const [answer] = await Promise.race([once(child, 'message'), exited])
    if (answer !== 'done') throw new Error(`the client got ${JSON.stringify(answer)}`)
  }
}

/** Runs in the child from its source text, so it may use nothing outside. */
function answerLoads(connections: number): void {
  const { connect } = process.getBuiltinModule('node:net')
  const { connect: connectSecurely } = process.getBuiltinModule('node:tls')
  const tls = {
    rejectUnauthorized: false,
    minVersion: 'TLSv1.3',
    ciphers: 'TLS_AES_256_GCM_SHA384',
  } as const
  const answer = async (load: Load & { port: number }) => {
    const { port, path, count, bodyBytes, rangeBytes, isSecure } = load
    let sent = 0
    let received = 0
    const fetchSome = () =>
      new Promise<void>((resolve, reject) => {
        let head = ''
        let leftBytes = 0
        const next = () => {
          if (sent === count) return socket.destroy()
          const start = ((sent += 1) * 786_433) % 13_000_000
          const range = rangeBytes ? `Range: bytes=${start}-${start + rangeBytes - 1}\r\n` : ''
          socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\n${range}\r\n`)
        }
        const readHead = (text: string): number => {
          head += text
          const end = head.indexOf('\r\n\r\n')
          if (end < 0) return text.length
          const [, status] = /^HTTP\/1\.1 (\d+)/.exec(head) ?? []
          if (status !== (rangeBytes ? '206' : '200')) reject(new Error(`status ${status}`))
          leftBytes = Number(/content-length: *(\d+)/i.exec(head)?.[1])
          if (leftBytes !== bodyBytes) reject(new Error(`a body of ${leftBytes} bytes`))
          // Bytes of the head in this chunk.
          return end + 4 - (head.length - text.length)
        }
        const onChunk = (size: number, buffer: Buffer): boolean => {
          const isHead = leftBytes === 0
          // A head is shorter; all of a small answer would be a longer text.
          const text = isHead ? buffer.toString('latin1', 0, Math.min(size, 2048)) : ''
          const headBytes = isHead ? readHead(text) : 0
          leftBytes -= size - headBytes
          if (leftBytes > 0 || !head.includes('\r\n\r\n')) return true
          head = ''
          received += 1
          next()
          return true
        }
        const buffer = Buffer.alloc(262_144)
        const onread = { buffer, callback: (size: number) => onChunk(size, buffer) }
        const to = { host: '127.0.0.1', port, onread }
        const socket = isSecure ? connectSecurely({ ...to, ...tls }) : connect(to)
        socket
          .once(isSecure ? 'secureConnect' : 'connect', next)
          .once('error', reject)
          .once('close', () => resolve())
      })
    await Promise.all(Array.from({ length: connections }, fetchSome))
    // A server that closes connections would seem to be fast.
    if (received < count) throw new Error(`only ${received} of ${count} answers`)
  }
  process.on('message', (load: Load & { port: number }) => {
    void answer(load).then(
      () => process.send?.('done'),
      (error: unknown) => process.send?.(String(error)),
    )
  })
}
