import { JarcastError, withoutUserinfo } from '../../errors.ts'

export interface ZooKeeperServer {
  readonly host: string
  readonly port: number
}

/** The servers of an ensemble, and the path of the masters in it. */
export interface ZooKeeperAddress {
  readonly servers: readonly ZooKeeperServer[]
  /** Absolute, without a slash at its end. */
  readonly path: string
  /** `user:password` for the scheme `digest`; a secret. */
  readonly digest: string | undefined
  /** The address without the secret, for messages. */
  readonly label: string
}

const defaultPort = 2181
const maxServers = 100

/** True for an address that `parseZooKeeper` reads. */
export function isZooKeeper(address: string): boolean {
  return /^\s*zk:\/\//i.test(address)
}

/**
 * Reads `zk://user:password@host:port,host:port/path`, as Mesos' own programs do. User and password
 * are optional, the default port is 2181, IPv6 addresses need brackets. The password ends at the
 * last `@` before the path.
 * Errors: `CONFIG_INVALID`, without the password.
 * Source: apache/mesos include/mesos/zookeeper/url.hpp.
 */
export function parseZooKeeper(address: string): ZooKeeperAddress {
  const [, authority = '', path = ''] = /^zk:\/\/([^/]*)(.*)$/is.exec(address.trim()) ?? []
  const at = authority.lastIndexOf('@')
  const hosts = authority.slice(at + 1)
  const label = withoutUserinfo(address.trim())
  const digest = at === -1 ? undefined : authority.slice(0, at)
  if (digest !== undefined && !/^[^:]+:./s.test(digest)) {
    throw invalidAddress(label, 'write the credentials before the @ as user:password')
  }
  const servers = hosts.split(',').map((host) => parseServer(host.trim(), label))
  if (servers.length > maxServers) throw invalidAddress(label, `give at most ${maxServers} servers`)
  return { servers, path: parsePath(path, label), digest, label }
}

function parseServer(text: string, label: string): ZooKeeperServer {
  const [, bracketed, plain, digits] =
    /^(?:\[([0-9a-f:.%]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/i.exec(text) ?? []
  const host = bracketed ?? plain
  const port = digits === undefined ? defaultPort : Number(digits)
  if (host === undefined || port < 1 || port > 65_535) {
    throw invalidAddress(label, 'write it as zk://host:2181,host:2181/path')
  }
  return { host, port }
}

function parsePath(text: string, label: string): string {
  const path = text.replace(/\/+$/, '')
  if (path === '') throw invalidAddress(label, 'the path of the masters is missing, such as /mesos')
  // ZooKeeper would refuse it, but only after a connection.
  const isBad = path.split('/').some((part, index) => index > 0 && /^$|^\.\.?$|\0/.test(part))
  if (isBad) throw invalidAddress(label, `${JSON.stringify(path)} is no path in ZooKeeper`)
  return path
}

function invalidAddress(label: string, remedy: string): JarcastError {
  return new JarcastError('CONFIG_INVALID', `address ${JSON.stringify(label)}: ${remedy}`, {
    details: { setting: 'master', remedy },
  })
}
