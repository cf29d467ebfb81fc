import { JarcastError } from '../../errors.ts'
import { postOnce } from './post-once.ts'
import type { PostRequest, PostedAnswer } from './post-once.ts'
import { isRedirect, resolveRedirect } from './redirect.ts'

/** A master needs one redirect, a proxy before it another. */
const maxRedirects = 3

/** An answer and the URL that gave it, after redirects. */
export interface Dialled extends PostedAnswer {
  readonly url: URL
}

/**
 * Posts to `url` and follows redirects that `mayFollow` allows, each after a call of `onRedirect`.
 * Rejects as `postOnce`, and with `REDIRECT_INVALID` (retryable) for an unreadable or forbidden
 * location, and for more than `maxRedirects` redirects.
 */
export async function dial(
  request: PostRequest,
  mayFollow: (url: URL) => boolean,
  onRedirect: (url: URL) => void,
): Promise<Dialled> {
  let { url } = request
  for (let hops = 0; hops <= maxRedirects; hops++) {
    const answer = await postOnce({ ...request, url })
    if (!isRedirect(answer.head.status)) return { ...answer, url }
    // The body of a redirect is only for people.
    answer.body.destroy()
    const target = resolveRedirect(url, answer.head.headers.get('location'))
    if (target.origin !== url.origin && !mayFollow(target)) throw notFollowed(url, target)
    onRedirect(target)
    url = target
  }
  throw new JarcastError(
    'REDIRECT_INVALID',
    `${request.url.host} redirects more than ${maxRedirects} times, last to ${url.host}`,
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
