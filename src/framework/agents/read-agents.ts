/** Asks the leading master for its agents, without registering. */
import { getText } from '../../client/http/get-text.ts'
import { readTls } from '../../client/http/tls.ts'
import { masterServers } from '../../client/servers/master-servers.ts'
import { JarcastError, messageOf } from '../../errors.ts'
import type { FrameworkSettings } from '../options/settings.ts'
import type { Offer } from '../../mesos/types.generated.ts'
import { timeoutSignal } from '../../timeout-signal.ts'
import { offersOfAgents } from './agent-offers.ts'

type Settings = Pick<FrameworkSettings, 'masters' | 'credentials' | 'tls' | 'roles' | 'timeoutMs'>

const maxAnswerBytes = 64 * 1024 * 1024
const answerMs = 10_000
/** Masters of a list that are asked, one after another, until the leading one answers. */
const maxMasters = 5

export interface Agents {
  /** Address of the master that answered. */
  readonly master: URL
  /** An offer for each agent, with its free resources. */
  readonly offers: readonly Offer[]
}

/**
 * The agents of the leading master. Rejects with `MASTER_UNREACHABLE`, or with
 * `MASTER_REJECTED` for another answer than 200.
 */
export async function readAgents(settings: Settings): Promise<Agents> {
  const { masters, credentials, roles, timeoutMs } = settings
  const tls = settings.tls === undefined ? {} : readTls(settings.tls)
  const source = masterServers(masters, { isSecure: settings.tls !== undefined })
  const headers = { Accept: 'application/json', ...authorization(credentials) }
  const options = { headers, tls, timeoutMs: answerMs, maxBytes: maxAnswerBytes }
  let fault: JarcastError | undefined
  try {
    for (let turn = 0; turn < maxMasters; turn += 1) {
      const { url } = await source.next(timeoutSignal(timeoutMs))
      const { status, text } = await getText(new URL('/slaves', url), options).catch(
        (cause: unknown) => ({ status: 0, text: messageOf(cause) }),
      )
      if (status === 200) return { master: url, offers: offersOfAgents(JSON.parse(text), roles) }
      fault = failureOf(url, status, text)
      source.skip()
    }
  } finally {
    source.close()
  }
  throw fault ?? new JarcastError('MASTER_UNREACHABLE', 'there is no master to ask')
}

function authorization(credentials: Settings['credentials']): Record<string, string> {
  if (credentials === undefined) return {}
  const { principal, secret } = credentials
  return { Authorization: `Basic ${Buffer.from(`${principal}:${secret}`).toString('base64')}` }
}

function failureOf({ origin }: URL, status: number, text: string): JarcastError {
  if (status === 0)
    return new JarcastError(
      'MASTER_UNREACHABLE',
      `${origin} cannot be asked for its agents: ${text}`,
    )
  const remedy = status === 401 || status === 403 ? '; see --credentials' : ''
  const message = `${origin} answers ${status} to /slaves${remedy}`
  return new JarcastError('MASTER_REJECTED', message, { details: { status } })
}
