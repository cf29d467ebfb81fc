/**
 * Which paths of master and agent are whose to ask.
 * Source: apache/mesos src/master/master.cpp and src/slave/slave.cpp (initialize: the realms of the routes).
 */
import { withoutProcess } from './view-request.ts'

/** What says nothing but that somebody is there, and who leads. */
const OPEN_PAGES = new Set(['/health', '/version', '/redirect'])
const CHANGING = /^\/(?:api\/v1(?:$|\/)|maintenance\/schedule$|machine\/)/u

/** The realm of a path; undefined where nobody is asked who they are. Paths that are none are of the first. */
export function realmOf(server: 'master' | 'agent', pathname: string): string | undefined {
  const path = withoutProcess(pathname)
  if (OPEN_PAGES.has(path)) return undefined
  if (server === 'master' && path === '/api/v1/scheduler') return 'mesos-master-scheduler'
  return `mesos-${server}-${CHANGING.test(path) ? 'readwrite' : 'readonly'}`
}
