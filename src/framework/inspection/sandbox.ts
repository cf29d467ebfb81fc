/**
 * A task's files, read from its agent. The agent is found through the master's `/slaves`.
 * Source: apache/mesos docs/endpoints/files/read; docs/sandbox.md, "virtual path".
 */
import { getText } from '../../client/http/get-text.ts'
import { readTls } from '../../client/http/tls.ts'
import type { TlsOptions, TlsSettings } from '../../client/http/tls.ts'
import type { Credentials } from '../../client/scheduler-connection.ts'
import { isSafeFileName } from '../../domain/libraries/library.ts'
import { JarcastError, messageOf } from '../../errors.ts'
import type { App, Questions } from '../../inspector/protocol/questions.ts'

/** Where a task runs, or ran. */
export interface TaskPlace {
  readonly frameworkId: string
  readonly agentId: string
  readonly executorId: string
  readonly isOver: boolean
}

export interface SandboxOptions {
  readonly masterUrl: () => string | undefined
  readonly credentials: Credentials | undefined
  /** Those of the masters: agents have certificates of the same CA. */
  readonly tls: TlsOptions | undefined
  readonly placeOf: (taskId: string) => TaskPlace | undefined
}

type Answer = Questions['sandbox']['answer']

const maxBytes = 64 * 1024
const timeoutMs = 5000
/** An answer is JSON: a byte may be six characters of it. */
const maxAnswerBytes = 1024 * 1024

/** Answers questions for stdout and stderr. Rejects with AGENT_UNREACHABLE where the agent fails. */
export function createSandbox(options: SandboxOptions): App['sandbox'] {
  const { masterUrl, credentials, placeOf } = options
  let tls: TlsSettings | undefined
  const agents = new Map<string, string>()

  async function agentUrl(agentId: string): Promise<string> {
    const known = agents.get(agentId)
    if (known !== undefined) return known
    const master = masterUrl()
    if (master === undefined) throw unreachable('no master is connected')
    const query = new URLSearchParams({ slave_id: agentId })
    const answer = (await read(`${master}/slaves?${query.toString()}`)) as
      { readonly slaves?: readonly { readonly pid?: string }[] } | undefined
    const [, address] = /@(\S+:\d+)$/.exec(answer?.slaves?.[0]?.pid ?? '') ?? []
    if (address === undefined) throw unreachable(`the master knows no agent ${agentId}`)
    const url = `${new URL(master).protocol}//${address}`
    agents.set(agentId, url)
    return url
  }

  async function read(url: string): Promise<unknown> {
    const { principal = '', secret = '' } = credentials ?? {}
    const basic = Buffer.from(`${principal}:${secret}`).toString('base64')
    const headers = credentials === undefined ? {} : { Authorization: `Basic ${basic}` }
    tls ??= options.tls === undefined ? {} : readTls(options.tls)
    try {
      const answer = await getText(new URL(url), {
        headers,
        tls,
        timeoutMs,
        maxBytes: maxAnswerBytes,
      })
      const { status, text } = answer
      if (status === 404) return undefined
      if (status !== 200) throw unreachable(`it answers with HTTP ${status}`)
      return JSON.parse(text)
    } catch (error) {
      throw error instanceof JarcastError ? error : unreachable(messageOf(error), error)
    }
  }

  return async ({ taskId, file, offset }) => {
    const place = placeOf(taskId)
    if (place === undefined) throw unreachable(`nothing is known of where ${taskId} ran`)
    const { frameworkId, agentId, executorId, isOver } = place
    const run = `/frameworks/${frameworkId}/executors/${executorId}/runs/latest`
    const agent = await agentUrl(agentId)
    const part = async (path: string, range: Record<string, string>) => {
      const query = new URLSearchParams({ path, ...range })
      return (await read(`${agent}/files/read?${query.toString()}`)) as FilePart | undefined
    }
    // Of a task of jarcast's executor; of others, the executor has one output.
    for (const path of [`${run}/tasks/${folderOf(taskId)}/${file}`, `${run}/${file}`]) {
      const whole = await part(path, { offset: '-1' })
      if (whole === undefined) continue
      const size = Number(whole.offset) || 0
      const from = Math.max(0, offset < 0 ? size + offset : Math.min(offset, size))
      // Not what was written meanwhile: its number of bytes would be unknown.
      const length = Math.min(maxBytes, size - from)
      const found = await part(path, { offset: String(from), length: String(length) })
      const text = textIn(found?.data)
      return { offset: from, text, next: from + length, size, isOver } satisfies Answer
    }
    throw unreachable(`there is no ${file}`)
  }
}

/** `offset`: the size of the file, if no part was asked for. */
interface FilePart {
  readonly data: unknown
  readonly offset: unknown
}

function textIn(data: unknown): string {
  return typeof data === 'string' ? data : ''
}

/** As jarcast's executor names it. */
function folderOf(taskId: string): string {
  return isSafeFileName(taskId) ? taskId : encodeURIComponent(taskId).slice(0, 255)
}

function unreachable(reason: string, cause?: unknown): JarcastError {
  const message = `the task's files cannot be read: ${reason}`
  return new JarcastError('AGENT_UNREACHABLE', message, { cause })
}
