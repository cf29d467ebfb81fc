/**
 * Probes a running task once: by a command, over HTTP, or by a TCP connection.
 * Source: mesos.proto, `CheckInfo` and `HealthCheck`; apache/mesos docs/health-checks.md.
 */
import { get as httpGet } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { get as httpsGet } from 'node:https'
import { connect } from 'node:net'
import type {
  CheckStatusInfo,
  CommandInfo,
  NetworkInfoProtocol,
} from '../../../mesos/types.generated.ts'
import { killGroup, spawnWatched } from '../process/watched-process.ts'

/** The common part of checks and health checks. */
export interface ProbeTarget {
  readonly command?: CommandInfo
  readonly http?: {
    readonly port: number
    readonly path?: string
    readonly scheme?: string
    readonly protocol?: NetworkInfoProtocol
  }
  readonly tcp?: { readonly port: number; readonly protocol?: NetworkInfoProtocol }
}

export interface ProbeOptions {
  readonly sandbox: string
  /** Variables of the task. */
  readonly environment: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

const maxRedirects = 5

/** Resolves with the result; rejects without one: no answer, no such program, or an abort. */
export async function probe(target: ProbeTarget, options: ProbeOptions): Promise<CheckStatusInfo> {
  options.signal.throwIfAborted()
  const { command, http, tcp } = target
  if (command !== undefined) {
    return { type: 'COMMAND', command: { exitCode: await runCommand(command, options) } }
  }
  if (http !== undefined) {
    const { scheme = 'http', port, path = '/', protocol } = http
    const slash = path.startsWith('/') ? '' : '/'
    const url = new URL(`${scheme}://${loopback(protocol)}:${port}${slash}${path}`)
    return { type: 'HTTP', http: { statusCode: await request(url, options.signal, maxRedirects) } }
  }
  const succeeded = await canConnect(tcp?.port ?? 0, loopback(tcp?.protocol), options.signal)
  return { type: 'TCP', tcp: { succeeded } }
}

/** Resolves with the exit status; rejects if a signal ended the command. */
function runCommand(command: CommandInfo, options: ProbeOptions): Promise<number> {
  const { sandbox, environment, signal } = options
  return new Promise((resolve, reject) => {
    const child = spawnWatched(wordsOf(command), {
      cwd: sandbox,
      env: { ...environment, ...variablesOf(command) },
      stdio: ['ignore', 'ignore', 'ignore'],
    })
    const kill = (): void => killGroup(child, 'SIGKILL')
    signal.addEventListener('abort', kill, { once: true })
    child.once('error', reject)
    child.once('exit', (status, name) => {
      signal.removeEventListener('abort', kill)
      if (status === null) reject(new Error(`the check was ended by ${name}`))
      else resolve(status)
    })
  })
}

function wordsOf({
  shell = true,
  value = '',
  arguments: words = [],
}: CommandInfo): readonly string[] {
  // Without a shell, the first argument is the name of the program (argv[0]).
  return shell ? ['/bin/sh', '-c', value] : [value, ...words.slice(1)]
}

function variablesOf({ environment }: CommandInfo): Readonly<Record<string, string>> {
  const variables = environment?.variables ?? []
  return Object.fromEntries(variables.map(({ name, value = '' }) => [name, value]))
}

/** Resolves with the HTTP status. Follows redirects, and does not verify certificates. */
async function request(url: URL, signal: AbortSignal, redirects: number): Promise<number> {
  const response = await answerOf(url, signal)
  response.destroy()
  const { statusCode = 0, headers } = response
  const isRedirect = statusCode >= 300 && statusCode < 400 && headers.location !== undefined
  if (!isRedirect) return statusCode
  if (redirects === 0) throw new Error('the check was redirected too often')
  return await request(new URL(headers.location ?? '', url), signal, redirects - 1)
}

function answerOf(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { signal, agent: false, rejectUnauthorized: false } as const
    const call =
      url.protocol === 'https:'
        ? httpsGet(url, options, resolve)
        : httpGet(url, { signal, agent: false }, resolve)
    call.on('error', reject)
  })
}

function canConnect(port: number, host: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: host.replace(/[[\]]/g, '') })
    const abort = (): void => {
      socket.destroy()
      reject(new Error('the check was aborted'))
    }
    signal.addEventListener('abort', abort, { once: true })
    const settle = (succeeded: boolean): void => {
      signal.removeEventListener('abort', abort)
      socket.destroy()
      resolve(succeeded)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}

function loopback(protocol: NetworkInfoProtocol = 'IPv4'): string {
  return protocol === 'IPv6' ? '[::1]' : '127.0.0.1'
}
