/**
 * One probe of a task, by a check or a health check.
 * Source: apache/mesos docs/health-checks.md; src/checks/checker_process.cpp.
 */
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import type { CheckStatusInfo, CommandInfo } from '../../../mesos/types.generated.ts'
import { spawnCommand } from '../processes/command-process.ts'
import { signalGroup } from '../processes/process-tree.ts'

export type Probe =
  | {
      readonly type: 'COMMAND'
      readonly command: CommandInfo
      readonly directory: string
      readonly environment: Readonly<Record<string, string>>
    }
  | { readonly type: 'HTTP'; readonly url: string }
  | { readonly type: 'TCP'; readonly host: string; readonly port: number }

/** The limit of curl, which Mesos uses. */
const maxRedirects = 50

/**
 * The result of one probe. Rejects without a result: no answer in time, no server, no such program.
 */
export function runProbe(probe: Probe, signal: AbortSignal): Promise<CheckStatusInfo> {
  switch (probe.type) {
    case 'COMMAND':
      return runCommand(probe, signal)
    case 'HTTP':
      return get(probe.url, signal, maxRedirects)
    case 'TCP':
      return connect(probe, signal)
  }
}

function runCommand(
  probe: Extract<Probe, { readonly type: 'COMMAND' }>,
  signal: AbortSignal,
): Promise<CheckStatusInfo> {
  return new Promise((resolve, reject) => {
    const child = spawnCommand(probe)
    const { pid } = child
    const kill = (): void => {
      if (pid !== undefined) signalGroup(pid, 'SIGKILL')
    }
    signal.addEventListener('abort', kill)
    child.once('error', reject)
    child.once('exit', (code) => {
      signal.removeEventListener('abort', kill)
      if (signal.aborted || code === null) reject(new Error('Command was killed'))
      else resolve({ type: 'COMMAND', command: { exitCode: code } })
    })
  })
}

/** Follows redirects and accepts any certificate. */
function get(url: string, signal: AbortSignal, redirects: number): Promise<CheckStatusInfo> {
  return new Promise((resolve, reject) => {
    const { get: open } = url.startsWith('https:') ? https : http
    const options = { signal, agent: false, rejectUnauthorized: false }
    open(url, options, (response) => {
      response.on('error', () => {})
      response.destroy()
      const { headers, statusCode = 0 } = response
      const isRedirect = statusCode >= 300 && statusCode < 400 && headers.location !== undefined
      if (!isRedirect) resolve({ type: 'HTTP', http: { statusCode } })
      else if (redirects === 0) reject(new Error('Too many redirects'))
      else {
        const location = headers.location ?? ''
        const next = URL.canParse(location, url) ? new URL(location, url).href : ''
        if (/^https?:/u.test(next)) resolve(get(next, signal, redirects - 1))
        else reject(new Error('Bad redirect'))
      }
    }).on('error', reject)
  })
}

/** A refused connection is a result too. */
function connect(
  { host, port }: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<CheckStatusInfo> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, signal })
    const settle = (succeeded: boolean): void => {
      socket.destroy()
      if (signal.aborted) reject(new Error('No answer in time'))
      else resolve({ type: 'TCP', tcp: { succeeded } })
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}
