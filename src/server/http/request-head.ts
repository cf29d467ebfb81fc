/** Checks the version and the Host header of a request. */
import type { IncomingMessage } from 'node:http'

/** The parts of a request that decide on its answer. */
export type RequestHead = Pick<
  IncomingMessage,
  'method' | 'url' | 'headers' | 'rawHeaders' | 'socket'
>

/** A name or address with an optional port; may be empty. */
const hostField = /^(?:[\w.~!$&'()*+,;=%-]+|\[[\da-f:.]+\])?(?::\d*)?$/i

/**
 * The status of a refusal; undefined if the head is valid. Node accepts some heads that RFC 9112
 * forbids: a repeated or malformed Host (section 3.2: 400), and another major version (section 2.3
 * and RFC 9110 section 15.6.6: 505).
 */
export function refusalOf(req: IncomingMessage): 400 | 505 | undefined {
  if (req.httpVersionMajor !== 1) return 505
  const hosts = req.rawHeaders.filter((name, index) => index % 2 === 0 && /^host$/i.test(name))
  if (hosts.length > 1) return 400
  return isHostField(req.headers.host ?? '') ? undefined : 400
}

/** True for a valid value of Host. */
export function isHostField(value: string): boolean {
  return hostField.test(value)
}
