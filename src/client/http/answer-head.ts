/**
 * The head of an answer, read strictly: what two readers could understand differently is refused.
 * Source: RFC 9112, 4 (status line), 5 (headers), 6.3 (length of the body), 9.3 (persistence).
 */

/** The head of a final answer. */
export interface AnswerHead {
  readonly status: number
  /** By name in lower case. The values of a repeated header are joined by a comma. */
  readonly headers: ReadonlyMap<string, string>
  /** Length of the body in bytes, or how its end is known. */
  readonly length: number | 'chunked' | 'untilClose'
  /** False if the server closes the connection after this answer. */
  readonly isPersistent: boolean
}

/** An answer that is not HTTP/1.x. Its code begins as those of Node's parser. */
export class AnswerInvalid extends Error {
  override readonly name = 'AnswerInvalid'
  readonly code = 'HPE_INVALID_ANSWER'

  constructor(what: string) {
    super(`the answer is not valid HTTP: ${what}`)
  }
}

const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/
const token = /^[\w!#$%&'*+\-.^`|~]+$/
/** Control characters: a line with a bare CR or LF in it is two lines to some readers. */
const control = /[^\t\x20-\x7e\x80-\xff]/

/** `text`: the head without the empty line at its end, in Latin-1. Throws `AnswerInvalid`. */
export function parseAnswerHead(text: string): AnswerHead {
  const [first = '', ...lines] = text.split('\r\n')
  const [, minor, code] = statusLine.exec(first) ?? []
  if (code === undefined || control.test(first)) throw new AnswerInvalid('its status line')
  const status = Number(code)
  if (status === 101) throw new AnswerInvalid('it switches to another protocol')
  const headers = parseHeaders(lines)
  const length = lengthOf(status, headers)
  const isKept = minor === '1' && !hasToken(headers.get('connection'), 'close')
  return { status, headers, length, isPersistent: isKept && length !== 'untilClose' }
}

function parseHeaders(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>()
  for (const line of lines) {
    const [name, value] = parseHeader(line)
    const before = headers.get(name)
    headers.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return headers
}

/** Name, in lower case, and value. Throws `AnswerInvalid`. */
export function parseHeader(line: string): [string, string] {
  const colon = line.indexOf(':')
  const name = line.slice(0, Math.max(colon, 0)).toLowerCase()
  if (!token.test(name) || control.test(line)) throw new AnswerInvalid('a header')
  return [name, trimSpaces(line.slice(colon + 1))]
}

/** Without spaces and tabs around it. `trim` would take off a no-break space (\xa0), too. */
function trimSpaces(text: string): string {
  let [start, end] = [0, text.length]
  while (isSpace(text[start])) start += 1
  while (end > start && isSpace(text[end - 1])) end -= 1
  return text.slice(start, end)
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t'
}

/** A repeated Content-Length has a comma in it, and is refused even if its values are equal. */
function lengthOf(status: number, headers: ReadonlyMap<string, string>): AnswerHead['length'] {
  if (status < 200 || status === 204 || status === 304) return 0
  const encoding = headers.get('transfer-encoding')
  const length = headers.get('content-length')
  if (encoding !== undefined) {
    if (length !== undefined) throw new AnswerInvalid('it has two lengths')
    if (encoding.toLowerCase() !== 'chunked') throw new AnswerInvalid('its Transfer-Encoding')
    return 'chunked'
  }
  if (length === undefined) return 'untilClose'
  if (!/^\d{1,15}$/.test(length)) throw new AnswerInvalid('its Content-Length')
  return Number(length)
}

function hasToken(list: string | undefined, name: string): boolean {
  return list?.split(',').some((each) => trimSpaces(each).toLowerCase() === name) ?? false
}

/** Media type of an answer, without parameters and in lower case. */
export function mediaTypeOf(headers: AnswerHead['headers']): string | undefined {
  return headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
}
