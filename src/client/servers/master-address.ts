import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { JarcastError, configInvalid, messageOf, withoutUserinfo } from '../../errors.ts'

interface AddressKind {
  /** Name of the setting in errors. */
  readonly setting: string
  readonly defaultPort: number
}

const master: AddressKind = { setting: 'master', defaultPort: 5050 }
const agent: AddressKind = { setting: 'agentUrl', defaultPort: 5051 }
const maxMasters = 100

/**
 * Reads the addresses of masters: `host:port` or `http://host:port`, with IPv6 in brackets, as a
 * list or as one string with commas. Default port: 5050, or that of the scheme if there is one. A
 * path is kept as a prefix.
 * Errors: `CONFIG_INVALID`; the message says what to write instead.
 */
export function parseMasters(masters: string | readonly string[]): readonly URL[] {
  const addresses = (typeof masters === 'string' ? [masters] : masters)
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '')
  if (addresses.length === 0 || addresses.length > maxMasters) {
    throw invalidAddress(String(masters), master, 'give host:port of one master or more')
  }
  return addresses.map((address) => parseAddress(address, master))
}

/**
 * Returns the address, or the contents of the file if it is `file:///path`. So a password need not
 * be in the command line; Mesos' own programs do the same. Errors: `CONFIG_INVALID`, which names
 * the file.
 * Source: apache/mesos docs/configuration/master-and-agent.md, `--zk`.
 */
export function readMasterAddress(address: string): string {
  if (!/^file:\/\//i.test(address)) return address
  try {
    return readFileSync(fileURLToPath(address), 'utf8').trim()
  } catch (cause) {
    const message = `master: ${messageOf(cause)}; file:// needs an absolute path`
    throw configInvalid('master', message, cause)
  }
}

/** Reads the address of an agent as `parseMasters` does; default port 5051. */
export function parseAgent(address: string): URL {
  return parseAddress(address.trim(), agent)
}

function parseAddress(address: string, kind: AddressKind): URL {
  const refuse = (remedy: string): JarcastError => invalidAddress(address, kind, remedy)
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase()
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    throw refuse(`${scheme}:// is not supported: use http://, https://, or one zk:// address`)
  }
  const text = scheme === undefined ? `http://${address}` : address
  if (address === '' || !URL.canParse(text)) throw refuse('write it as host:port')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') {
    throw refuse('give user and password as credentials, not in the address')
  }
  if (url.search !== '' || url.hash !== '') throw refuse('leave out the part after ? or #')
  if (scheme === undefined && !hasPort(address)) url.port = String(kind.defaultPort)
  if (url.port === '0') throw refuse('port 0 cannot be connected to')
  return url
}

/** `URL` does not tell: it drops the default port of the scheme. */
function hasPort(address: string): boolean {
  return /^(?:\[[^\]]*\]|[^:/[]+):\d+(?:\/|$)/.test(address)
}

function invalidAddress(given: string, { setting }: AddressKind, remedy: string): JarcastError {
  // Without user and password: messages end up in logs.
  const address = withoutUserinfo(given).slice(0, 200)
  return new JarcastError('CONFIG_INVALID', `address ${JSON.stringify(address)}: ${remedy}`, {
    details: { setting, remedy },
  })
}
