/** Access to the cluster of `jarcast local`, and the message about it. */
import { userInfo } from 'node:os'
import { isIP } from 'node:net'
import { defined } from '../../defined.ts'
import { configInvalid } from '../../errors.ts'
import type { LocalClusterOptions } from '../../local/options/cluster-options.ts'
import { readCredentials } from '../../local/http/credentials-file.ts'

export interface LocalAccessFlags {
  readonly bind: string
  readonly credentials?: string
  readonly open?: boolean
  /** False with --no-authenticate-executors. */
  readonly authenticateExecutors?: boolean
  readonly allowHost?: readonly string[]
  readonly allowOrigin?: readonly string[]
  readonly jsonp?: boolean
}

/**
 * Requires credentials only if they are given. Throws CONFIG_INVALID if other machines could then
 * run commands, unless --open allows it.
 */
export function toAccessOptions(flags: LocalAccessFlags): LocalClusterOptions {
  const { allowHost, allowOrigin, authenticateExecutors, bind, credentials, jsonp, open } = flags
  if (credentials !== undefined && open === true) {
    const message = '--open requires no credentials: give either --open or --credentials'
    throw configInvalid('open', message)
  }
  if (credentials === undefined && open !== true && !isLoopback(bind)) {
    throw configInvalid(
      'bind',
      `everyone who can reach ${bind} could run commands as ${userName()}: ` +
        'give --credentials FILE to require a name and a secret, or --open to require nothing',
    )
  }
  return {
    ...(credentials === undefined ? { open: true } : { credentials: readCredentials(credentials) }),
    ...defined({
      authenticateExecutors,
      allowedHosts: allowHost,
      allowedOrigins: allowOrigin?.map(toOrigin),
      jsonp,
    }),
  }
}

/** Describes who can reach the cluster, with which credentials, and which user tasks run as. */
export function describeAccess({ bind, credentials }: LocalAccessFlags): string {
  const where = isLoopback(bind) ? `on this machine only (${bind})` : `on the network (${bind})`
  const who = isLoopback(bind)
    ? 'every user and program of this machine'
    : 'everyone who can reach that address'
  const asked =
    credentials === undefined
      ? `without credentials: ${who} may run commands; --credentials FILE restricts this`
      : `and requires the credentials of ${credentials}`
  return `jarcast local listens ${where}, ${asked}.\nTasks run as ${userName()}, with all permissions of this user.\n`
}

function isLoopback(bind: string): boolean {
  const address = bind.replace(/^\[(.*)\]$/u, '$1')
  return (
    bind === 'localhost' || address === '::1' || (isIP(address) === 4 && bind.startsWith('127.'))
  )
}

function userName(): string {
  try {
    const { uid, username } = userInfo()
    return uid === 0 ? `${username} (the administrator of this machine)` : username
  } catch {
    // The user of a container may have no name.
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}

/** Writes the origin as browsers do, so that it can be compared. */
function toOrigin(text: string): string {
  const origin = URL.canParse(text) ? new URL(text).origin : 'null'
  if (origin !== 'null') return origin
  const message = `--allow-origin ${text} is no origin, such as https://console.example`
  throw configInvalid('allow-origin', message)
}
