import type { Agent, IncomingMessage } from 'node:http'
import { JarcastError } from '../../errors.ts'
import { postCall } from './http-call.ts'
import type { HttpCall } from './http-call.ts'
import { isRedirect, resolveRedirect } from './redirect.ts'

/** Redirects that one dial follows; masters need one, a proxy before them another. */
const maxRedirects = 3

/** An answer and the URL that gave it, after redirects. */
export interface Dialled {
  readonly answer: IncomingMessage
  readonly url: URL
  /** Local address of the connection; undefined when it is gone already. */
  readonly localAddress: string | undefined
}

/**
 * Posts to `url` and on to where the answers redirect, as far as `mayFollow` allows.
 * Rejects as `postCall` does, and with `REDIRECT_INVALID` (retryable) for a location that cannot be
 * read, for one that must not be followed, and for more than `maxRedirects` in a row.
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
    // What comes with a redirect is for people; not reading it frees the connection now.
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
  const message = `${from.host} redirects to ${to.origin}, which was not named as a master, so that it gets no credentials; name it as one, too`
  return new JarcastError('REDIRECT_INVALID', message, {
    retryable: true,
    details: { url: from.href, location: to.origin },
  })
}
