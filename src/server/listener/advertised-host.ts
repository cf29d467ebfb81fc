/**
 * Chooses the address of the server for executors, after the master has been reached.
 */
import { isIP, isIPv6 } from 'node:net'
import { JarcastError } from '../../errors.ts'

export interface AdvertisedHostOptions {
  /** Host or address set by the user, without scheme and port. */
  readonly advertise?: string
  /** Address that the server listens on. */
  readonly bind: string
  /** Local address of the connection that reached the master. */
  readonly localAddress?: string
  /** Host or address of the master; absent if there is none. */
  readonly masterHost?: string
}

const wildcards: readonly string[] = ['0.0.0.0', '::', '0:0:0:0:0:0:0:0']
const remedy =
  'set it with --advertise HOST (advertise), to a host or address that the agents can reach'

/**
 * Chooses, in this order: `advertise`; the bound address, unless that is every address; the local
 * address of the connection to the master; loopback, if the master is on this machine or there is
 * none.
 * Returns a bare host: IPv6 without brackets.
 * Throws `ADDRESS_NOT_ADVERTISABLE` if executors would connect to themselves, or to an address
 * without a listener; `CONFIG_INVALID` if `advertise` is no host.
 */
export function advertisedHost(options: AdvertisedHostOptions): string {
  const host = chooseHost(options)
  const { masterHost } = options
  if (masterHost !== undefined && isLoopback(host) && !isLocalMaster(options, masterHost)) {
    throw notAdvertisable(host, `is loopback, and the master is on ${masterHost}`)
  }
  return host
}

/** A host for a URI: IPv6 addresses in brackets. */
export function hostInUri(host: string): string {
  return isIPv6(host) ? `[${host}]` : host
}

function chooseHost({ advertise, bind, localAddress, masterHost }: AdvertisedHostOptions): string {
  if (advertise !== undefined) return checkedHost(advertise)
  const bound = plainHost(bind)
  if (!wildcards.includes(bound)) return reachable(bound)
  if (localAddress === undefined) {
    if (masterHost === undefined || isLoopback(plainHost(masterHost))) return '127.0.0.1'
    throw notAdvertisable(
      '(unknown)',
      'cannot be chosen: the connection to the master has no local address',
    )
  }
  const local = reachable(plainHost(localAddress))
  if (bound === '0.0.0.0' && isIPv6(local)) {
    throw notAdvertisable(local, 'is IPv6, and the server listens on IPv4 only; bind it to ::, or')
  }
  return local
}

function checkedHost(advertise: string): string {
  const host = plainHost(advertise)
  const isName = /^[a-z0-9_]([a-z0-9_.-]{0,252})$/.test(host)
  if ((isName || isIP(host) !== 0) && !wildcards.includes(host)) return reachable(host)
  throw new JarcastError('CONFIG_INVALID', `"${advertise}" cannot be advertised; ${remedy}`, {
    details: { advertise },
  })
}

function reachable(host: string): string {
  if (!host.includes('%')) return host
  throw notAdvertisable(host, 'is valid only on this machine')
}

function isLocalMaster({ localAddress }: AdvertisedHostOptions, masterHost: string): boolean {
  const host = plainHost(masterHost)
  return isLoopback(host) || (localAddress !== undefined && plainHost(localAddress) === host)
}

function isLoopback(host: string): boolean {
  if (isIP(host) === 0) return host === 'localhost' || host.endsWith('.localhost')
  return host.startsWith('127.') || /^(0{0,4}:){2,7}0{0,3}1$/.test(host)
}

/**
 * Lower case, without brackets; turns an IPv4 address that a dual-stack socket shows as IPv6 back
 * into IPv4.
 */
function plainHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/^::ffff:(?=\d+\.)/, '')
}

function notAdvertisable(host: string, why: string): JarcastError {
  return new JarcastError(
    'ADDRESS_NOT_ADVERTISABLE',
    `the jar server's address ${host} ${why}: ${remedy}`,
    { details: { host } },
  )
}
