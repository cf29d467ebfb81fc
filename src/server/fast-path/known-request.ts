/**
 * Reads the heads that downloaders send. Strict on purpose: node:http answers everything that is not
 * exactly of this form, so a head that two parsers could read in two ways is never answered here.
 */
import type { Socket } from 'node:net'
import { isHostField } from '../http/request-head.ts'
import type { RequestHead } from '../http/request-head.ts'

export type KnownRequest = RequestHead & { readonly url: string }

/** As node:http; a longer head is refused there. */
const maxHeadBytes = 16 * 1024

/** Origin form, in printable ASCII. */
const requestLine = /GET (\/[!-~]*) HTTP\/1\.1\r\n/y
/** One space before the value, none after it, and no obsolete folding. */
const headerLine = /([A-Za-z-]{1,20}): ([!-~](?:[ -~]*[!-~])?)\r\n/y

/** Without those that announce a body, change the connection, or come from browsers. */
const knownNames = new Set([
  'accept',
  'accept-encoding',
  'authorization',
  'connection',
  'host',
  'if-match',
  'if-none-match',
  'if-range',
  'prefer',
  'range',
  'user-agent',
])

/** The request if `bytes` are exactly one complete head of a GET with known headers. */
export function readKnownRequest(bytes: Buffer, socket: Socket): KnownRequest | undefined {
  if (bytes.length > maxHeadBytes) return undefined
  const text = bytes.toString('latin1')
  requestLine.lastIndex = 0
  const url = requestLine.exec(text)?.[1]
  if (url === undefined) return undefined
  const headers: Record<string, string> = {}
  const rawHeaders: string[] = []
  let at = requestLine.lastIndex
  while (at < text.length - 2) {
    headerLine.lastIndex = at
    const [, name, value] = headerLine.exec(text) ?? []
    if (name === undefined || value === undefined) return undefined
    const key = name.toLowerCase()
    if (!knownNames.has(key) || headers[key] !== undefined) return undefined
    headers[key] = value
    rawHeaders.push(name, value)
    at = headerLine.lastIndex
  }
  if (!text.endsWith('\r\n') || at !== text.length - 2) return undefined
  const { connection = 'keep-alive', host } = headers
  if (connection.toLowerCase() !== 'keep-alive') return undefined
  if (host === undefined || !isHostField(host)) return undefined
  return { method: 'GET', url, headers, rawHeaders, socket }
}
