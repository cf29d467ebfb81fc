/**
 * Finds the leading master in ZooKeeper: its node has the lowest sequence number.
 * Source: apache/mesos src/master/detector/zookeeper.cpp, docs/high-availability.md.
 */
import { isIP } from 'node:net'
import { Subject, defer, map, merge, scan, startWith, switchMap } from 'rxjs'
import type { Observable, SchedulerLike } from 'rxjs'
import { JarcastError } from '../../errors.ts'
import { exhaustLatest } from '../../streams/exhaust-latest.ts'
import { retryWithBackOff } from '../../streams/retry-with-back-off.ts'
import type { ZooKeeperAddress } from './address.ts'
import { openSession } from './session.ts'
import type { ZooKeeperSession } from './session.ts'

export interface Leadership {
  /** The leader in ZooKeeper's last answer; undefined if there was none. */
  readonly leader: URL | undefined
  /** Why there is no leader, or why `leader` may be out of date. */
  readonly problem: JarcastError | undefined
}

export interface LeaderOptions {
  /** Scheme of the masters, which is not in ZooKeeper. Default `http:`. */
  readonly protocol?: 'http:' | 'https:'
  /** As in `openSession`. Default 10_000. */
  readonly sessionTimeoutMs?: number
  readonly connectTimeoutMs?: number
  /** Chooses the first server, and the jitter; in [0, 1). Default `Math.random`. */
  readonly random?: () => number
  readonly scheduler?: SchedulerLike
}

/** Maximum back-off while no server of the ensemble answers. */
const maxRetryMs = 5000
const maxInfoBytes = 64 * 1024
/** Maximum attempts to read a leader while nodes come and go. */
const maxLooks = 5

/**
 * Follows the leader of the masters at `address`.
 *
 * Next: the leadership, after each change. Keeps the last leader while no server answers: masters
 * and their subscriptions survive an outage of ZooKeeper for a while. Tries the servers in turn,
 * from a random one, with back-off. Error: `ZOOKEEPER_REJECTED` (final). Complete: never.
 * Unsubscribing closes the session.
 */
export function watchLeader(
  address: ZooKeeperAddress,
  options: LeaderOptions = {},
): Observable<Leadership> {
  const { random = Math.random } = options
  const { servers, path, digest } = address
  return defer(() => {
    const problemSubject = new Subject<JarcastError>()
    let turn = Math.floor(random() * servers.length)
    const known$ = defer(() => {
      const server = servers[turn % servers.length] ?? { host: '', port: 0 }
      turn += 1
      return openSession(server, { ...options, digest }).pipe(
        switchMap((session) =>
          session.changed$.pipe(
            startWith(undefined),
            exhaustLatest(() => lookUp(session, path, options)),
          ),
        ),
      )
    }).pipe(
      retryWithBackOff({
        ...options,
        capMs: maxRetryMs,
        onRetry: (error) => problemSubject.next(error),
      }),
    )
    const problem$ = problemSubject.pipe(map((problem) => ({ problem })))
    return merge(problem$, known$).pipe(
      scan((before: Leadership, now: Partial<Leadership>) => ({ ...before, ...now }), {
        leader: undefined,
        problem: undefined,
      } as Leadership),
    )
  })
}

/** Reads the leader, and arms the watches for the next one. */
async function lookUp(
  session: ZooKeeperSession,
  path: string,
  options: LeaderOptions,
): Promise<Leadership> {
  for (let looks = 0; looks < maxLooks; looks += 1) {
    const names = await session.children(path)
    if (names === undefined) {
      // The first master makes the path; it may exist by now.
      if (!(await session.exists(path)))
        return withoutLeader(`there is no ${path} in ZooKeeper yet`)
      continue
    }
    const name = leaderNodeOf(names)
    if (name === undefined) return withoutLeader(`there is no master at ${path} in ZooKeeper`)
    const data = await session.data(`${path}/${name}`)
    // Removed since its name was read, so the next master leads.
    if (data === undefined) continue
    const leader = readMasterInfo(data, options.protocol ?? 'http:')
    return leader === undefined
      ? withoutLeader(`the node ${path}/${name} in ZooKeeper is not readable`)
      : { leader, problem: undefined }
  }
  throw new JarcastError('ZOOKEEPER_UNREACHABLE', `ZooKeeper: ${path} keeps changing`, {
    retryable: true,
  })
}

/**
 * The node of the leading master among the nodes at the masters' path. Sequence numbers have ten
 * digits, or more after an overflow. Other nodes are no masters.
 */
export function leaderNodeOf(names: readonly string[]): string | undefined {
  const sequenceOf = (name: string): number => Number(/^json\.info_(-?\d{1,12})$/.exec(name)?.[1])
  const [lowest] = names
    .filter((name) => !Number.isNaN(sequenceOf(name)))
    .toSorted((one, other) => sequenceOf(one) - sequenceOf(other))
  return lowest
}

/**
 * Address of the master in a MasterInfo as JSON; undefined if there is none. With https, prefers
 * the host name, since certificates name hosts.
 */
export function readMasterInfo(data: Uint8Array, protocol: 'http:' | 'https:'): URL | undefined {
  if (data.length > maxInfoBytes) return undefined
  const { ip, hostname, port } = addressIn(Buffer.from(data).toString('utf8'))
  const hosts = protocol === 'https:' ? [hostname, ip] : [ip, hostname]
  const host = hosts.find((host) => typeof host === 'string' && host !== '')
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535)
    return undefined
  if (typeof host !== 'string' || (isIP(host) === 0 && !/^[\w.-]{1,253}$/.test(host)))
    return undefined
  const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`
  return URL.canParse(`${protocol}//${authority}`)
    ? new URL(`${protocol}//${authority}`)
    : undefined
}

function addressIn(text: string): Readonly<Record<'ip' | 'hostname' | 'port', unknown>> {
  const none = { ip: undefined, hostname: undefined, port: undefined }
  try {
    const { address } = JSON.parse(text) as { readonly address?: unknown }
    return typeof address === 'object' && address !== null ? { ...none, ...address } : none
  } catch {
    return none
  }
}

function withoutLeader(why: string): Leadership {
  const problem = new JarcastError('MASTER_UNREACHABLE', `there is no leader: ${why}`, {
    retryable: true,
  })
  return { leader: undefined, problem }
}
