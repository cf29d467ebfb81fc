/**
 * Who leads, as a Mesos ensemble says it in ZooKeeper: the master whose node has the lowest
 * sequence number.
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

/** What is known of the leader. */
export interface Leadership {
  /** The master that led when ZooKeeper was last heard of; undefined while none does. */
  readonly leader: URL | undefined
  /** Why there is none, or why what is known may be old. */
  readonly problem: JarcastError | undefined
}

export interface LeaderOptions {
  /** Scheme of the masters, which they do not tell. Default `http:`. */
  readonly protocol?: 'http:' | 'https:'
  /** As in `openSession`. Default 10_000. */
  readonly sessionTimeoutMs?: number
  readonly connectTimeoutMs?: number
  /** Draws the server that is asked first, and the jitter. Default `Math.random`. */
  readonly random?: () => number
  readonly scheduler?: SchedulerLike
}

/** Between attempts while no server of the ensemble answers. */
const maxRetryMs = 5000
const maxInfoBytes = 64 * 1024
/** How often a node may come and go while it is looked at. */
const maxLooks = 5

/**
 * Follows the leader of the masters that stand at `address`.
 *
 * Next: what is known, whenever that changes. While no server can be asked the last known leader
 * stays: masters go on without their ensemble for a while, and so can who is subscribed at them.
 * Servers are asked in turn, from a random one on, with back-off. Error: `ZOOKEEPER_REJECTED`,
 * which no repetition cures. Complete: never. Unsubscribing closes the session.
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
      // Masters make the path when the first of them starts; it may be there by now.
      if (!(await session.exists(path))) return nobody(`there is no ${path} in ZooKeeper yet`)
      continue
    }
    const name = lowestOf(names)
    if (name === undefined) return nobody(`no master stands at ${path} in ZooKeeper`)
    const data = await session.data(`${path}/${name}`)
    // Gone since its name was read, so the next in line leads.
    if (data === undefined) continue
    const leader = readMasterInfo(data, options.protocol ?? 'http:')
    return leader === undefined
      ? nobody(`what ${path}/${name} in ZooKeeper says of the leader cannot be read`)
      : { leader, problem: undefined }
  }
  throw new JarcastError('ZOOKEEPER_UNREACHABLE', `ZooKeeper: ${path} does not come to rest`, {
    retryable: true,
  })
}

/**
 * Sequence numbers have ten digits, and more once they have run over; other nodes than masters'
 * stand there, too.
 */
function lowestOf(names: readonly string[]): string | undefined {
  const sequenceOf = (name: string): number => Number(/^json\.info_(-?\d{1,12})$/.exec(name)?.[1])
  const [lowest] = names
    .filter((name) => !Number.isNaN(sequenceOf(name)))
    .toSorted((one, other) => sequenceOf(one) - sequenceOf(other))
  return lowest
}

/**
 * Address of the master in a MasterInfo as JSON; undefined when it holds none. Certificates name
 * hosts, not addresses.
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

function nobody(why: string): Leadership {
  const problem = new JarcastError('MASTER_UNREACHABLE', `nobody leads: ${why}`, {
    retryable: true,
  })
  return { leader: undefined, problem }
}
