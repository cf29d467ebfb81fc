/** What a request must be before its target is looked at. */
import type { IncomingMessage } from 'node:http'

/** One name or address, perhaps with a port. */
const hostField = /^(?:[\w.~!$&'()*+,;=%-]+|\[[\da-f:.]+\])?(?::\d*)?$/i

/**
 * The status that refuses the head of a request; undefined when there is nothing against it.
 * Node lets some through that RFC 9112 does not: section 3.2 (a Host that is repeated or none,
 * 400), section 2.3 and RFC 9110 section 15.6.6 (another major version, 505).
 */
export function refusalOf(req: IncomingMessage): 400 | 505 | undefined {
  if (req.httpVersionMajor !== 1) return 505
  const hosts = req.rawHeaders.filter((name, index) => index % 2 === 0 && /^host$/i.test(name))
  if (hosts.length > 1) return 400
  return hostField.test(req.headers.host ?? '') ? undefined : 400
}
