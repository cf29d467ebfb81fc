/** Requests of operators to the leading master. */
import { JarcastError } from '../../errors.ts'
import { timeoutSignal } from '../../timeout-signal.ts'
import { isRedirect, resolveRedirect } from '../http/redirect.ts'
import { masterServers } from '../servers/master-servers.ts'
import { createOperatorClient } from './operator-request.ts'
import type { OperatorAccess, OperatorAnswer } from './operator-request.ts'

export interface LeaderClient {
  /**
   * Resolves with the leader's answer, which is no redirect, and the URL that was asked. `path` may
   * have a query. Rejects with MASTER_UNREACHABLE (retryable) once no master of the list answers,
   * and with REDIRECT_INVALID.
   */
  send(path: string, body?: Uint8Array): Promise<LeaderAnswer>
  /** Address of the master that answered last; undefined before the first answer. */
  readonly leader: URL | undefined
  close(): void
}

export interface LeaderAnswer extends OperatorAnswer {
  readonly url: string
}

const maxAnswerBytes = 256 * 1024 * 1024
const maxRedirects = 3
const leaderTimeoutMs = 10_000

/** Masters as in `masterServers`, whose CONFIG_INVALID it throws. */
export function createLeaderClient(
  masters: string | readonly string[],
  access: OperatorAccess,
): LeaderClient {
  const client = createOperatorClient(access, 'MASTER_UNREACHABLE')
  const servers = masterServers(masters, { isSecure: access.tls !== undefined })
  let leader: URL | undefined

  /** Asks one master, and the leader that it redirects to. */
  async function ask(master: URL, path: string, body?: Uint8Array): Promise<LeaderAnswer> {
    let url = new URL(`${master.pathname.replace(/\/+$/, '')}${path}`, master)
    for (let hops = 0; hops <= maxRedirects; hops += 1) {
      const request = { url: url.href, maxBytes: maxAnswerBytes, ...(body && { body }) }
      const answer = await client.send(request)
      if (!isRedirect(answer.status)) {
        leader = hops === 0 ? master : new URL(url.origin)
        return { ...answer, url: url.href }
      }
      const target = resolveRedirect(url, answer.location)
      if (!servers.includes(target) && access.credentials !== undefined) throw foreign(url, target)
      url = target
    }
    throw new JarcastError('REDIRECT_INVALID', `${url.host} redirects again and again`)
  }

  return {
    async send(path, body) {
      const asked = new Set<string>()
      for (;;) {
        const master = leader ?? (await servers.next(timeoutSignal(leaderTimeoutMs))).url
        asked.add(master.href)
        try {
          return await ask(master, path, body)
        } catch (error) {
          leader = undefined
          servers.skip()
          if (!(error instanceof JarcastError) || !error.retryable) throw error
          const { url } = await servers.next(timeoutSignal(leaderTimeoutMs))
          if (asked.has(url.href)) throw error
        }
      }
    },
    get leader() {
      return leader
    },
    close() {
      servers.close()
      client.close()
    },
  }
}

function foreign(from: URL, to: URL): JarcastError {
  const message = `${from.host} redirects to ${to.origin}, which gets no credentials, since it is not among the masters; add it to them`
  return new JarcastError('REDIRECT_INVALID', message)
}
