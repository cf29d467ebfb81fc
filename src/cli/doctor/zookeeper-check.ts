/** Checks each server of a ZooKeeper ensemble, and the node of the leading master. */
import { firstValueFrom, switchMap } from 'rxjs'
import { parseZooKeeper } from '../../client/zookeeper/address.ts'
import type { ZooKeeperAddress, ZooKeeperServer } from '../../client/zookeeper/address.ts'
import { leaderNodeOf, readMasterInfo } from '../../client/zookeeper/leader.ts'
import { openSession } from '../../client/zookeeper/session.ts'
import type { ZooKeeperSession } from '../../client/zookeeper/session.ts'
import { JarcastError, messageOf } from '../../errors.ts'
import { count } from '../output/printable.ts'
import type { Finding } from './check.ts'

const check = 'ZooKeeper'
const limits = { connectTimeoutMs: 5000, requestTimeoutMs: 5000 } as const

/** What one server has at the path of the masters. */
type Found =
  | { readonly what: 'leader'; readonly node: string; readonly leader: string }
  | { readonly what: 'odd node'; readonly node: string }
  | { readonly what: 'no path' | 'no master' }
  | { readonly what: 'rejected' | 'unreachable'; readonly why: string }

export interface ZooKeeperCheckOptions {
  /** Scheme of the masters, which is not in ZooKeeper. */
  readonly protocol: 'http:' | 'https:'
}

/** Throws CONFIG_INVALID for another address than `zk://…`. */
export async function checkZooKeeper(
  address: string,
  { protocol }: ZooKeeperCheckOptions,
): Promise<Finding> {
  const ensemble = parseZooKeeper(address)
  const found = await Promise.all(
    ensemble.servers.map((server) => lookAt(server, ensemble, protocol)),
  )
  return findingOf(ensemble, found)
}

async function lookAt(
  server: ZooKeeperServer,
  { path, digest }: ZooKeeperAddress,
  protocol: 'http:' | 'https:',
): Promise<Found> {
  const session$ = openSession(server, { digest, ...limits })
  try {
    return await firstValueFrom(session$.pipe(switchMap((one) => lookUp(one, path, protocol))))
  } catch (error) {
    const isRejected = error instanceof JarcastError && error.code === 'ZOOKEEPER_REJECTED'
    return { what: isRejected ? 'rejected' : 'unreachable', why: messageOf(error) }
  }
}

async function lookUp(
  session: ZooKeeperSession,
  path: string,
  protocol: 'http:' | 'https:',
): Promise<Found> {
  const names = await session.children(path)
  if (names === undefined) return { what: 'no path' }
  const name = leaderNodeOf(names)
  if (name === undefined) return { what: 'no master' }
  const node = `${path}/${name}`
  const data = await session.data(node)
  const leader = data && readMasterInfo(data, protocol)
  return leader === undefined
    ? { what: 'odd node', node }
    : { what: 'leader', node, leader: leader.origin }
}

function findingOf({ servers, path }: ZooKeeperAddress, found: readonly Found[]): Finding {
  const answered = found.filter(({ what }) => what !== 'unreachable' && what !== 'rejected')
  const faults = found.flatMap((one) => ('why' in one ? [one.why] : []))
  const verb = servers.length === 1 ? 'answers' : 'answer'
  const amount = `${answered.length} of ${count(servers.length, 'server')} ${verb}`
  const silent = faults.length === 0 ? '' : ` (${faults.join('; ')})`
  const finding = (state: Finding['state'], text: string, remedy?: string): Finding => ({
    check,
    state,
    text: `${amount}${silent}${text}`,
    ...(remedy !== undefined && { remedy }),
  })
  if (found.some(({ what }) => what === 'rejected'))
    return finding(
      'failed',
      '',
      `give user and password that may read ${path}: zk://USER:PASSWORD@HOST:2181${path}, or file:///PATH of a file with it`,
    )
  if (answered.length === 0)
    return finding(
      'failed',
      '',
      'start ZooKeeper, give its client port (by default 2181), and open it in firewalls',
    )
  return ofAnswers(finding, path, answered, faults.length > 0)
}

function ofAnswers(
  finding: (state: Finding['state'], text: string, remedy?: string) => Finding,
  path: string,
  answered: readonly Found[],
  isPartly: boolean,
): Finding {
  const leaders = new Map(
    answered.flatMap((one) => (one.what === 'leader' ? [[one.leader, one.node] as const] : [])),
  )
  const [[leader, node] = []] = leaders
  const odd = answered.find((one) => one.what === 'odd node')
  if (leaders.size > 1)
    return finding(
      'failed',
      `; they name different leaders: ${[...leaders.keys()].join(', ')}`,
      'name the servers of one ensemble only',
    )
  if (leader !== undefined)
    return finding(
      isPartly ? 'warning' : 'ok',
      `; ${node} names the leading master, ${leader}`,
      isPartly
        ? 'start the other servers, open their ports, or leave them out of --master'
        : undefined,
    )
  if (odd !== undefined)
    return finding('failed', `; ${odd.node} names no master`, `give the path of the masters' --zk`)
  const hasPath = answered.some(({ what }) => what === 'no master')
  return finding(
    'failed',
    hasPath ? `; there is no master at ${path}` : `; there is no ${path}`,
    hasPath
      ? 'start a master with this --zk'
      : "give the path of the masters' --zk, or start a master with this one",
  )
}
