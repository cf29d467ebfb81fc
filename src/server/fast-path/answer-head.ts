/** Heads of answers, byte for byte as node:http writes them. */
import { STATUS_CODES } from 'node:http'
import type { BodyAnswer } from '../blobs/select-answer.ts'

let dateMs = 0
let date = ''

/** The head of an answer whose connection stays open. */
export function headOf(
  { status, headers }: BodyAnswer,
  lengthBytes: number,
  keepAliveMs: number,
): string {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`
  for (const name in headers) head += `${name}: ${String(headers[name])}\r\n`
  return (
    `${head}Content-Length: ${lengthBytes}\r\nX-Content-Type-Options: nosniff\r\n` +
    `Date: ${httpDate()}\r\nConnection: keep-alive\r\n` +
    `Keep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n\r\n`
  )
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
