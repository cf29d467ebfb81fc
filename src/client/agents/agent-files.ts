/**
 * Files in the sandboxes of agents. An agent is found through the master's `/slaves`.
 * Source: apache/mesos docs/operator-http-api.md, "READ_FILE"; docs/sandbox.md.
 */
import { JarcastError } from '../../errors.ts'
import { isRedirect } from '../http/redirect.ts'
import { decodeReadFile, encodeReadFileCall } from '../../mesos/read-file.ts'
import type { FilePart } from '../../mesos/read-file.ts'
import { isRecord, recordsOf } from './json-records.ts'
import { createOperatorClient, refusalOf } from './operator-request.ts'
import type { OperatorAccess } from './operator-request.ts'

export interface AgentFilesOptions extends OperatorAccess {
  /** Of the leading master; undefined while none is known. Asked for each agent that is new. */
  readonly masterUrl: () => string | undefined | Promise<string | undefined>
}

/** An executor, which may have had several runs on its agent. */
export interface ExecutorPlace {
  readonly agentId: string
  readonly frameworkId: string
  readonly executorId: string
}

export interface AgentFiles {
  /**
   * Reads up to 64 KiB. Undefined if the file does not exist. Rejects with AGENT_UNREACHABLE
   * (retryable) without an answer, NOT_PERMITTED, CREDENTIALS_REJECTED, CALL_REJECTED.
   */
  read(agentId: string, path: string, offset: number): Promise<FilePart | undefined>
  /** Folders of all runs of an executor that the agent remembers, the newest first. */
  runsOf(place: ExecutorPlace): Promise<readonly string[]>
  close(): void
}

/** Mesos' limit: 16 pages. */
export const maxPartBytes = 64 * 1024
/** The part, and its place in the message. */
const maxAnswerBytes = maxPartBytes + 1024
const maxStateBytes = 64 * 1024 * 1024

export function createAgentFiles({ masterUrl, credentials, tls }: AgentFilesOptions): AgentFiles {
  // The expected name is that of the masters.
  const { serverName: _, ...ownTls } = tls ?? {}
  const access = { credentials, tls: tls && ownTls }
  const client = createOperatorClient(access, 'AGENT_UNREACHABLE')
  const addresses = new Map<string, string>()

  async function json(url: string): Promise<unknown> {
    const answer = await client.send({ url, maxBytes: maxStateBytes })
    const { host } = new URL(url)
    // Only masters redirect: the next one is known once it leads.
    if (isRedirect(answer.status)) throw unreachable(`the master ${host} does not lead any more`)
    if (answer.status !== 200) throw refusalOf(url, answer)
    try {
      return JSON.parse(answer.body.toString('utf8')) as unknown
    } catch (cause) {
      throw unreachable(`${host} does not answer with JSON`, cause)
    }
  }

  async function addressOf(agentId: string): Promise<string> {
    const known = addresses.get(agentId)
    if (known !== undefined) return known
    const master = await masterUrl()
    if (master === undefined) throw unreachable('no master is connected')
    const query = new URLSearchParams({ slave_id: agentId })
    const answer = await json(`${withoutSlash(master)}/slaves?${query.toString()}`)
    const pid = recordsIn(answer, 'slaves')[0]?.['pid']
    const [, address] = typeof pid === 'string' ? (/@(\S+:\d+)$/.exec(pid) ?? []) : []
    if (address === undefined) throw unreachable(`the master knows no agent ${agentId}`)
    const url = `${new URL(master).protocol}//${address}`
    addresses.set(agentId, url)
    return url
  }

  return {
    async read(agentId, path, offset) {
      const url = `${await addressOf(agentId)}/api/v1`
      const body = encodeReadFileCall({ path, offset, length: maxPartBytes })
      const answer = await client.send({ url, body, maxBytes: maxAnswerBytes }).catch((error) => {
        // An agent may come back under another address.
        addresses.delete(agentId)
        throw error as Error
      })
      if (answer.status === 404) return undefined
      if (answer.status !== 200) throw refusalOf(url, answer)
      return decodeReadFile(answer.body)
    },
    async runsOf({ agentId, frameworkId, executorId }) {
      const state = await json(`${await addressOf(agentId)}/state`)
      return [...recordsIn(state, 'frameworks'), ...recordsIn(state, 'completed_frameworks')]
        .filter((framework) => framework['id'] === frameworkId)
        .flatMap((framework) => [
          ...recordsIn(framework, 'executors'),
          ...recordsIn(framework, 'completed_executors').toReversed(),
        ])
        .filter((executor) => executor['id'] === executorId)
        .flatMap(({ ['directory']: folder }) => (typeof folder === 'string' ? [folder] : []))
    },
    close: () => client.close(),
  }
}

function recordsIn(answer: unknown, name: string): ReturnType<typeof recordsOf> {
  return isRecord(answer) ? recordsOf(answer[name]) : []
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}

function unreachable(reason: string, cause?: unknown): JarcastError {
  return new JarcastError('AGENT_UNREACHABLE', reason, { cause, retryable: true })
}
