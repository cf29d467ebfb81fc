/**
 * Where a master sends those who should ask the leader.
 * Source: apache/mesos src/master/http.cpp (Http::redirect).
 */
import type { MasterInfo } from '../../mesos/types.generated.ts'
import type { Answer } from '../http/http.ts'

/** What any master tells of itself. */
const ownPages = new Set(['/version', '/health', '/flags', '/metrics/snapshot', '/logging/toggle'])

/**
 * Undefined when this master answers itself. Without a leader 503; otherwise 307 to the leader,
 * without a scheme: the client keeps its own. `/redirect` is answered with the leader's address by
 * the leader, too.
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
