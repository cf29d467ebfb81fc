import { JarcastError, withoutUserinfo } from '../../errors.ts'

export interface ZooKeeperServer {
  readonly host: string
  readonly port: number
}

/** Where an ensemble is, and under which path the masters stand. */
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

/** True for what `parseZooKeeper` is to read. */
export function isZooKeeper(address: string): boolean {
  return /^\s*zk:\/\//i.test(address)
}

/**
 * Reads `zk://user:password@host:port,host:port/path`, the form that Mesos' own programs take: user
 * and password may be left out, a bare host gets port 2181, IPv6 stands in brackets. The password
 * ends at the last `@` before the path.
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
    throw invalid(label, 'write what stands before the @ as user:password')
  }
  const servers = hosts.split(',').map((host) => parseServer(host.trim(), label))
  if (servers.length > maxServers) throw invalid(label, `at most ${maxServers} servers are taken`)
  return { servers, path: parsePath(path, label), digest, label }
}

function parseServer(text: string, label: string): ZooKeeperServer {
  const [, bracketed, plain, digits] =
    /^(?:\[([0-9a-f:.%]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/i.exec(text) ?? []
  const host = bracketed ?? plain
  const port = digits === undefined ? defaultPort : Number(digits)
  if (host === undefined || port < 1 || port > 65_535) {
    throw invalid(label, 'write it as zk://host:2181,host:2181/path')
  }
  return { host, port }
}

function parsePath(text: string, label: string): string {
  const path = text.replace(/\/+$/, '')
  if (path === '') throw invalid(label, 'the path of the masters is missing, such as /mesos')
  // What ZooKeeper refuses itself, told before anything is dialled.
  const isBad = path.split('/').some((part, index) => index > 0 && /^$|^\.\.?$|\0/.test(part))
  if (isBad) throw invalid(label, `${JSON.stringify(path)} is no path in ZooKeeper`)
  return path
}

function invalid(label: string, remedy: string): JarcastError {
  return new JarcastError('CONFIG_INVALID', `address ${JSON.stringify(label)}: ${remedy}`, {
    details: { address: label, remedy },
  })
}
