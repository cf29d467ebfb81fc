/** Short answers over HTTP, read with the settings of the framework's connection to its masters. */
import * as http from 'node:http'
import * as https from 'node:https'
import { defined } from '../../defined.ts'
import { messageOf } from '../../errors.ts'
import { timeoutSignal } from '../../timeout-signal.ts'
import { toPlainLine } from './plain-line.ts'
import { tlsHint } from './tls.ts'
import type { TlsSettings } from './tls.ts'

export interface GetOptions {
  readonly headers: Readonly<Record<string, string>>
  /** Used for https only. */
  readonly tls: TlsSettings
  /** Maximum time until the whole answer is there, ms. */
  readonly timeoutMs: number
  readonly maxBytes: number
}

export interface TextAnswer {
  readonly status: number
  readonly text: string
  /** The `Date` header. */
  readonly date?: string
}

/**
 * Sends one GET on a connection of its own, and follows no redirect: its headers may be secret.
 * Rejects with the reason in plain words; of a failed handshake, with its remedy.
 */
export async function getText(url: URL, options: GetOptions): Promise<TextAnswer> {
  const { headers, tls, timeoutMs, maxBytes } = options
  const signal = timeoutSignal(timeoutMs)
  const common = { headers, signal, agent: false as const }
  const outgoing =
    url.protocol === 'https:'
      ? https.request(url, { ...common, ...tls })
      : http.request(url, common)
  try {
    const answer = await headOf(outgoing)
    const text = await textOf(answer, maxBytes)
    const { date } = answer.headers
    return { status: answer.statusCode ?? 0, text, ...defined({ date }) }
  } catch (cause) {
    throw signal.aborted ? new Error(`no answer within ${timeoutMs / 1000} s`) : plain(cause)
  } finally {
    outgoing.destroy()
  }
}

function headOf(outgoing: http.ClientRequest): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('response', resolve)
    // Kept after the answer: destroying the request may emit an error.
    outgoing.on('error', reject)
    outgoing.end()
  })
}

async function textOf(answer: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new Error('its answer is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function plain(cause: unknown): Error {
  const reason = messageOf(cause)
  const hint = tlsHint((cause as NodeJS.ErrnoException).code)
  // Messages of OpenSSL have several lines.
  return new Error(hint === undefined ? reason : `${hint} (${toPlainLine(reason)})`, { cause })
}
