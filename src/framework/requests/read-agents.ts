/** The agents that a master has now. Source: apache/mesos docs/endpoints/master/slaves.md. */
import { getText } from '../../client/http/get-text.ts'
import { readTls } from '../../client/http/tls.ts'
import type { TlsOptions } from '../../client/http/tls.ts'
import type { Credentials } from '../../client/scheduler-connection.ts'
import { isRecord } from '../../domain/json.ts'
import { JarcastError, messageOf } from '../../errors.ts'
import type { AgentSummary } from './agents-with.ts'

export interface ReadAgentsOptions {
  /** Of the leading master; undefined while none is connected. */
  readonly masterUrl: string | undefined
  readonly credentials: Credentials | undefined
  readonly tls: TlsOptions | undefined
}

const timeoutMs = 10_000
const maxBytes = 64 * 1024 * 1024

/** Rejects with `MASTER_UNREACHABLE` (retryable) for anything but a list of agents. */
export async function readAgents(options: ReadAgentsOptions): Promise<readonly AgentSummary[]> {
  const { masterUrl, credentials, tls } = options
  if (masterUrl === undefined) throw unreachable('no master is connected')
  const { principal = '', secret = '' } = credentials ?? {}
  const basic = Buffer.from(`${principal}:${secret}`).toString('base64')
  try {
    const { status, text } = await getText(new URL('/slaves', masterUrl), {
      headers: credentials === undefined ? {} : { Authorization: `Basic ${basic}` },
      tls: tls === undefined ? {} : readTls(tls),
      timeoutMs,
      maxBytes,
    })
    if (status !== 200) throw unreachable(`it answers with HTTP ${status}`)
    return agentsIn(JSON.parse(text))
  } catch (cause) {
    throw cause instanceof JarcastError ? cause : unreachable(messageOf(cause), cause)
  }
}

function agentsIn(answer: unknown): readonly AgentSummary[] {
  if (!isRecord(answer) || !Array.isArray(answer['slaves'])) throw unreachable('it has no list')
  return answer['slaves'].filter(isRecord).flatMap((agent) => {
    const { hostname, attributes, active, domain } = agent
    if (typeof hostname !== 'string' || active === false) return []
    const [region, zone] = ['region', 'zone'].map((level) => nameIn(domain, level))
    return [{ hostname, attributes: isRecord(attributes) ? attributes : {}, region, zone }]
  })
}

/** `{"fault_domain":{"region":{"name":…},"zone":{"name":…}}}` */
function nameIn(domain: unknown, level: string): string | undefined {
  const fault = isRecord(domain) ? domain['fault_domain'] : undefined
  const place = isRecord(fault) ? fault[level] : undefined
  return isRecord(place) && typeof place['name'] === 'string' ? place['name'] : undefined
}

function unreachable(reason: string, cause?: unknown): JarcastError {
  const message = `the master's agents are not known: ${reason}; name the agents yourself`
  return new JarcastError('MASTER_UNREACHABLE', message, { cause, retryable: true })
}
