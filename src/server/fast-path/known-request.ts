/**
 * Reads the heads that downloaders send. Strict on purpose: node:http answers everything that is not
 * exactly of this form, so a head that two parsers could read in two ways is never answered here.
 */
import { isHostField } from '../http/request-head.ts'
import type { RequestHead } from '../http/request-head.ts'
import { parseRequestPath } from '../http/request-path.ts'

/** What an exactly known head says. */
export interface KnownHead extends Omit<RequestHead, 'socket'> {
  /** The decoded path of the target. */
  readonly path: string
}

/** Reads the bytes of a head; undefined if node:http must answer it. */
export type ReadHead = (bytes: Buffer) => KnownHead | undefined

/** Many hosts ask for one file in the same words. About 2 MB when full. */
const maxRemembered = 1024
const maxRememberedBytes = 1024

/** As node:http; a longer head is refused there. */
const maxHeadBytes = 16 * 1024

/**
 * A target in origin form and printable ASCII; one space before each value, none after it, and no
 * obsolete folding. No line can be read in two ways, so a long head cannot make it backtrack.
 */
const strictHead =
  /^GET \/[!-~]* HTTP\/1\.1\r\n(?:[A-Za-z-]{1,20}: [!-~](?:[ -~]*[!-~])?\r\n)+\r\n$/
const targetStart = 'GET '.length
const versionLength = ' HTTP/1.1\r\n'.length

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

/**
 * The parts of one file differ in this line only. It follows another one: it is in the head. Tried
 * at one place: a search for it costs more than the rest of the reader.
 */
const rangeLine = /(?<=[^\r\n])\r\nRange: (bytes=\d*-\d*)(?=\r\n)/iy
const rangeUnit = 'bytes='
const rangeStart = '\r\nRange: '

/** A reader of exactly one complete head of a GET with known headers. */
export function createHeadReader(): ReadHead {
  // Oldest first.
  const heads = new Map<string, KnownHead>()
  let last: { readonly bytes: Buffer; readonly head: KnownHead } | undefined

  function read(text: string): KnownHead | undefined {
    const known = heads.get(text)
    if (known !== undefined) return known
    const head = readHead(text)
    if (head === undefined || text.length > maxRememberedBytes) return head
    heads.set(text, head)
    const [oldest = text] = heads.keys()
    if (heads.size > maxRemembered) heads.delete(oldest)
    return head
  }

  function readPart(text: string, range: RegExpExecArray): KnownHead | undefined {
    const [line, value = ''] = range
    const head = read(text.slice(0, range.index) + text.slice(range.index + line.length))
    return head && withRange(head, value)
  }

  return (bytes) => {
    if (bytes.length > maxHeadBytes) return undefined
    if (last?.bytes.equals(bytes)) return last.head
    const text = bytes.toString('latin1')
    const range = findRange(text)
    if (range !== undefined) return readPart(text, range)
    const head = read(text)
    last = head && { bytes, head }
    return head
  }
}

function findRange(text: string): RegExpExecArray | undefined {
  const unit = text.indexOf(rangeUnit)
  if (unit < rangeStart.length) return undefined
  rangeLine.lastIndex = unit - rangeStart.length
  return rangeLine.exec(text) ?? undefined
}

/** Undefined if there is another Range. */
function withRange(head: KnownHead, value: string): KnownHead | undefined {
  const { method, url, path, headers, rawHeaders } = head
  if (headers.range !== undefined) return undefined
  return {
    method,
    url,
    path,
    headers: Object.assign({}, headers, { range: value }),
    rawHeaders: rawHeaders.concat('Range', value),
  }
}

function readHead(text: string): KnownHead | undefined {
  if (!strictHead.test(text)) return undefined
  const url = text.slice(targetStart, text.indexOf(' ', targetStart))
  const path = parseRequestPath(url)
  const fields = readFields(text, targetStart + url.length + versionLength)
  if (typeof path !== 'string' || fields === undefined) return undefined
  const { headers, rawHeaders } = fields
  const { connection = 'keep-alive', host } = headers
  if (connection.toLowerCase() !== 'keep-alive') return undefined
  if (host === undefined || !isHostField(host)) return undefined
  return { method: 'GET', url, path, headers, rawHeaders }
}

function readFields(
  text: string,
  start: number,
): Pick<KnownHead, 'headers' | 'rawHeaders'> | undefined {
  const headers: Record<string, string> = {}
  const rawHeaders: string[] = []
  for (let at = start; at < text.length - 2;) {
    const colon = text.indexOf(':', at)
    const end = text.indexOf('\r', colon)
    const name = text.slice(at, colon)
    const value = text.slice(colon + 2, end)
    const key = name.toLowerCase()
    if (!knownNames.has(key) || headers[key] !== undefined) return undefined
    headers[key] = value
    rawHeaders.push(name, value)
    at = end + 2
  }
  return { headers, rawHeaders }
}
