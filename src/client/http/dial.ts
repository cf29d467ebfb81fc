import type { Agent, IncomingMessage } from 'node:http'
import { JarcastError } from '../../errors.ts'
import { postCall } from './http-call.ts'
import type { HttpCall } from './http-call.ts'
import { isRedirect, resolveRedirect } from './redirect.ts'

/** A master needs one redirect, a proxy before it another. */
const maxRedirects = 3

/** An answer and the URL that gave it, after redirects. */
export interface Dialled {
  readonly answer: IncomingMessage
  readonly url: URL
  /** Local address of the connection; undefined if it is closed already. */
  readonly localAddress: string | undefined
}

/**
 * Posts to `url` and follows redirects that `mayFollow` allows.
 * Rejects as `postCall`, and with `REDIRECT_INVALID` (retryable) for an unreadable or forbidden
 * location, and for more than `maxRedirects` redirects.
 */
export async function dial(
  call: Omit<HttpCall, 'agent'>,
  agentFor: (url: URL) => Agent,
  mayFollow: (url: URL) => boolean,
): Promise<Dialled> {
  let { url } = call
  for (let hops = 0; hops <= maxRedirects; hops++) {
    call.signal.throwIfAborted()
    const answer = await postCall({ ...call, url, agent: agentFor(url) })
    if (!isRedirect(answer.statusCode)) {
      return { answer, url, localAddress: answer.socket.localAddress }
    }
    // The body of a redirect is only for people.
    answer.destroy()
    const target = resolveRedirect(url, answer.headers.location)
    if (target.origin !== url.origin && !mayFollow(target)) throw notFollowed(url, target)
    url = target
  }
  throw new JarcastError(
    'REDIRECT_INVALID',
    `${call.url.host} redirects more than ${maxRedirects} times, last to ${url.host}`,
    { retryable: true, details: { url: url.href } },
  )
}

function notFollowed(from: URL, to: URL): JarcastError {
  const message = `${from.host} redirects to ${to.origin}, which gets no credentials, since it is not among the masters; add it to them`
  return new JarcastError('REDIRECT_INVALID', message, {
    retryable: true,
    details: { url: from.href, location: to.origin },
  })
}
