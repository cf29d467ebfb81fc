import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { JarcastError, withoutUserinfo } from '../../errors.ts'

const defaultMasterPort = 5050
const maxMasters = 100

/**
 * Reads where the masters are: `host:port`, `http://host:port`, IPv6 in brackets, a list of these
 * or one string with commas. A bare host gets port 5050, one with a scheme that scheme's port; a
 * path is kept as a prefix.
 * Errors: `CONFIG_INVALID`, with what to write instead.
 */
export function parseMasters(masters: string | readonly string[]): readonly URL[] {
  const addresses = (typeof masters === 'string' ? [masters] : masters)
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '')
  if (addresses.length === 0 || addresses.length > maxMasters) {
    throw invalid(String(masters), 'give host:port of one master or more')
  }
  return addresses.map((address) => parseAddress(address, defaultMasterPort))
}

/**
 * The address itself, or what a file holds that `file:///path` names: as with Mesos' own programs,
 * so that a password stands in no command line. Errors: `CONFIG_INVALID` naming the file.
 * Source: apache/mesos docs/configuration/master-and-agent.md, `--zk`.
 */
export function readMasterAddress(address: string): string {
  if (!/^file:\/\//i.test(address)) return address
  try {
    return readFileSync(fileURLToPath(address), 'utf8').trim()
  } catch (cause) {
    const why = (cause as Error).message
    throw new JarcastError('CONFIG_INVALID', `master: ${why}; file:// needs an absolute path`, {
      cause,
      details: { setting: 'master' },
    })
  }
}

/** Reads the address of an agent, as `parseMasters` does; a bare host gets port 5051. */
export function parseAgent(agent: string): URL {
  return parseAddress(agent.trim(), 5051)
}

function parseAddress(address: string, defaultPort: number): URL {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase()
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    throw invalid(address, `${scheme}:// is none of http://, https:// and (alone) zk://`)
  }
  const text = scheme === undefined ? `http://${address}` : address
  if (address === '' || !URL.canParse(text)) throw invalid(address, 'write it as host:port')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') {
    throw invalid(address, 'give user and password as credentials, not in the address')
  }
  if (url.search !== '' || url.hash !== '') throw invalid(address, 'leave out what follows ? or #')
  if (scheme === undefined && !hasPort(address)) url.port = String(defaultPort)
  if (url.port === '0') throw invalid(address, 'port 0 is none to connect to')
  return url
}

/** The URL itself does not tell: it drops a port that is the scheme's own. */
function hasPort(address: string): boolean {
  return /^(?:\[[^\]]*\]|[^:/[]+):\d+(?:\/|$)/.test(address)
}

function invalid(given: string, remedy: string): JarcastError {
  // User and password are not repeated: messages end up in logs.
  const address = withoutUserinfo(given).slice(0, 200)
  return new JarcastError('CONFIG_INVALID', `address ${JSON.stringify(address)}: ${remedy}`, {
    details: { address, remedy },
  })
}
