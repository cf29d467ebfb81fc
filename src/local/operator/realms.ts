/**
 * The authentication realms of the paths of master and agent.
 * Source: apache/mesos src/master/master.cpp and src/slave/slave.cpp (initialize: the realms of the
 * routes).
 */
import { withoutProcess } from './view-request.ts'

/** Paths without authentication: health, version and leader. */
const openPages = new Set(['/health', '/version', '/redirect'])
const changing = /^\/(?:api\/v1(?:$|\/)|maintenance\/schedule$|machine\/)/u

/**
 * The realm of a path; undefined if it needs no credentials. Unknown paths belong to the readonly
 * realm.
 */
export function realmOf(server: 'master' | 'agent', pathname: string): string | undefined {
  const path = withoutProcess(pathname)
  if (openPages.has(path)) return undefined
  if (server === 'master' && path === '/api/v1/scheduler') return 'mesos-master-scheduler'
  return `mesos-${server}-${changing.test(path) ? 'readwrite' : 'readonly'}`
}
