/**
 * Redirects clients of other masters to the leader.
 * Source: apache/mesos src/master/http.cpp (Http::redirect).
 */
import type { MasterInfo } from '../../mesos/types.generated.ts'
import type { Answer } from '../http/http.ts'

/** Paths that every master answers itself. */
const ownPages = new Set(['/version', '/health', '/flags', '/metrics/snapshot', '/logging/toggle'])

/**
 * Undefined if this master answers itself. Else 307 to the leader, without a scheme so that the
 * client keeps its own; 503 without a leader. The leader answers `/redirect` in this way too.
 */
export function redirectToLeader(
  leader: MasterInfo | undefined,
  isLeading: boolean,
  url: string,
): Answer | undefined {
  const path = url.split('?')[0]?.replace(/^\/master(?=\/)/u, '') ?? '/'
  const isRedirect = path === '/redirect'
  if ((isLeading || ownPages.has(path)) && !isRedirect) return undefined
  if (leader === undefined) return { status: 503, body: 'No leader elected' }
  const base = `//${leader.hostname ?? leader.address?.ip}:${leader.port}`
  if (isRedirect) return { status: 307, headers: { Location: base } }
  if (path.startsWith('/redirect/')) return { status: 404 }
  const asked = url.startsWith('/master/') ? url : `/master${url}`
  return { status: 307, headers: { Location: base + asked } }
}
