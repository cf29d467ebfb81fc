import type { SchedulerLike } from 'rxjs'
import { JarcastError, configInvalid } from '../../errors.ts'
import { parseMasters, readMasterAddress } from './master-address.ts'
import { electedServer, listedServers } from './server-source.ts'
import type { ServerSource } from './server-source.ts'
import { isZooKeeper, parseZooKeeper } from '../zookeeper/address.ts'
import { watchLeader } from '../zookeeper/leader.ts'

export interface MasterServersOptions {
  /** True if masters found in ZooKeeper speak https. */
  readonly isSecure: boolean
  readonly random?: () => number
  readonly scheduler?: SchedulerLike
  readonly connectTimeoutMs?: number
}

/**
 * Reads addresses as in `parseMasters`, one `zk://…` as in `parseZooKeeper`, or one `file:///path`
 * of a file with either. Errors: `CONFIG_INVALID`, never with a password.
 */
export function masterServers(
  masters: string | readonly string[],
  options: MasterServersOptions,
): ServerSource {
  const given = [masters].flat()
  const addresses = given.map((address) => readMasterAddress(address))
  try {
    return serversAt(addresses, options)
  } catch (error) {
    // Only the file's name: a wrong file may contain a key.
    const file = given.find((address, index) => address !== addresses[index])
    if (file === undefined || !(error instanceof JarcastError)) throw error
    const remedy = error.details['remedy'] ?? 'write an address into it'
    throw configInvalid('master', `master: ${file} does not hold the address of masters: ${remedy}`)
  }
}

function serversAt(
  addresses: readonly string[],
  { isSecure, ...leaderOptions }: MasterServersOptions,
): ServerSource {
  const [first = ''] = addresses
  if (!addresses.some(isZooKeeper)) return listedServers(parseMasters(addresses))
  if (addresses.length > 1) {
    const message = 'master: give only one zk:// address, with all servers of the ensemble in it'
    throw configInvalid('master', message)
  }
  const leadership$ = watchLeader(parseZooKeeper(first), {
    ...leaderOptions,
    protocol: isSecure ? 'https:' : 'http:',
  })
  return electedServer(leadership$, leaderOptions.scheduler)
}
