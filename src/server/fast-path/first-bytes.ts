/** The head and the first bytes of answers, byte for byte as node:http writes them. */
import { STATUS_CODES } from 'node:http'
import type { BodyAnswer } from '../blobs/select-answer.ts'

/** Larger answers are written as two buffers: a copy would cost more. */
const smallBytes = 16 * 1024
/** Kept answers: 1 MiB in the worst case. */
const maxKept = 64

interface KeptAnswer {
  /** Its `Date`: an answer is kept for a second. */
  readonly date: string
  readonly bytes: Buffer
}

let dateMs = 0
let date = ''

/**
 * The head and the first bytes of an answer whose connection stays open: one buffer for small
 * answers, else two.
 */
export type FirstBytesOf = (
  answer: BodyAnswer,
  chunk: Buffer,
  lengthBytes: number,
) => readonly Buffer[]

/** `keepAliveMs`: the time that the client is told. */
export function createFirstBytes(keepAliveMs: number): FirstBytesOf {
  // Small whole answers, by what they are made of, which is the same object each time; oldest first.
  const kept = new Map<BodyAnswer, KeptAnswer>()

  function keep(answer: BodyAnswer, small: KeptAnswer): void {
    kept.delete(answer)
    kept.set(answer, small)
    const [oldest = answer] = kept.keys()
    if (kept.size > maxKept) kept.delete(oldest)
  }

  return (answer, chunk, lengthBytes) => {
    if (chunk.length !== lengthBytes || lengthBytes > smallBytes)
      return [Buffer.from(headOf(answer, lengthBytes, keepAliveMs), 'latin1'), chunk]
    const known = kept.get(answer)
    if (known?.date === httpDate()) return [known.bytes]
    const bytes = joined(headOf(answer, lengthBytes, keepAliveMs), chunk)
    if (answer.status === 200) keep(answer, { date, bytes })
    return [bytes]
  }
}

function joined(head: string, chunk: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(head.length + chunk.length)
  bytes.write(head, 'latin1')
  chunk.copy(bytes, head.length)
  return bytes
}

/** The lines of headers, which are the same object each time. */
const lines = new WeakMap<BodyAnswer['headers'], string>()

function headOf(
  { status, headers, contentRange }: BodyAnswer,
  lengthBytes: number,
  keepAliveMs: number,
): string {
  const range = contentRange === undefined ? '' : `Content-Range: ${contentRange}\r\n`
  return (
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${linesOf(headers)}${range}` +
    `Content-Length: ${lengthBytes}\r\nX-Content-Type-Options: nosniff\r\n` +
    `Date: ${httpDate()}\r\nConnection: keep-alive\r\n` +
    `Keep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n\r\n`
  )
}

function linesOf(headers: BodyAnswer['headers']): string {
  const known = lines.get(headers)
  if (known !== undefined) return known
  const text = Object.entries(headers)
    .map(([name, value]) => `${name}: ${String(value)}\r\n`)
    .join('')
  lines.set(headers, text)
  return text
}

/** Made once a second: it costs as much as the rest of a head. */
function httpDate(): string {
  const nowMs = Date.now()
  if (nowMs - dateMs >= 1000 || nowMs < dateMs) {
    dateMs = nowMs - (nowMs % 1000)
    date = new Date(nowMs).toUTCString()
  }
  return date
}
