/**
 * The commands over HTTP: `POST /agents/agent-1/kill`. `GET /` returns the state of the cluster,
 * `GET /commands` the list of commands. Listens on loopback only, requires the cluster's
 * credentials, and answers in JSON except for 401 and 403.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { defined } from '../../defined.ts'
import { JarcastError } from '../../errors.ts'
import { readBody, writeAnswer } from '../http/http.ts'
import type { Answer } from '../http/http.ts'
import { openSite, pathOf } from '../http/listener.ts'
import type { Site } from '../http/listener.ts'
import type { NodePlace } from '../nodes/node-place.ts'
import type { ClusterControl } from './cluster-control.ts'
import { controlCommands } from './control-commands.ts'
import type { ControlCommand } from './control-commands.ts'
import { refused } from './control-status.ts'
import type { Refusal } from './control-status.ts'

const loopback = '127.0.0.1'
const statuses: Readonly<Record<Refusal, number>> = { unknown: 404, state: 409, value: 400 }

/** `port` 0: any free one. Rejects with the system's error if the port is taken. */
export function openControlServer(
  control: ClusterControl,
  { authenticate, webPages }: NodePlace,
  port: number,
): Promise<Site> {
  return openSite({
    host: loopback,
    port,
    tls: undefined,
    delayMs: () => 0,
    webPages,
    async handle(request, response) {
      const caller = authenticate('jarcast-control', request.headers.authorization)
      if ('refusal' in caller) return writeAnswer(response, caller.refusal)
      return answer(control, request, response)
    },
  })
}

async function answer(
  control: ClusterControl,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    writeAnswer(response, json(200, await perform(control, request)))
  } catch (error) {
    if (!(error instanceof JarcastError)) throw error
    const status = statuses[error.details['reason'] as Refusal] ?? 400
    writeAnswer(response, jsonError(status, error.message))
  }
}

async function perform(control: ClusterControl, request: IncomingMessage): Promise<unknown> {
  const path = pathOf(request)
  if (request.method === 'GET' && path === '/') return control.status()
  if (request.method === 'GET' && path === '/commands') return listCommands()
  const found = findCommand(path)
  if (found === undefined) {
    throw refused('unknown', `There is no ${path}; GET /commands lists the commands`)
  }
  if (request.method !== 'POST') throw refused('value', `${path} requires POST`)
  const { command, target } = found
  return command.run(control, target, await readValue(command, request))
}

function listCommands(): unknown {
  return controlCommands.map(({ path, summary, value }) => ({
    path,
    summary,
    ...defined({ body: value && { [value]: 'number' } }),
  }))
}

function findCommand(path: string): { command: ControlCommand; target: string } | undefined {
  for (const command of controlCommands) {
    const [before = '', after] = command.path.split('NAME')
    if (after === undefined ? path === before : path.startsWith(before) && path.endsWith(after)) {
      const target = after === undefined ? '' : path.slice(before.length, -after.length)
      if (after === undefined || (target !== '' && !target.includes('/'))) {
        return { command, target: decode(target) }
      }
    }
  }
  return undefined
}

async function readValue({ value }: ControlCommand, request: IncomingMessage): Promise<number> {
  if (value === undefined) return 0
  const body = (await readBody(request))?.toString() ?? ''
  try {
    const given = (JSON.parse(body) as Record<string, unknown> | null)?.[value]
    if (typeof given === 'number') return given
  } catch {
    // No JSON: refused below.
  }
  throw refused('value', `The body must be {"${value}": NUMBER}`)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function json(status: number, value: unknown): Answer {
  return { status, contentType: 'application/json', body: `${JSON.stringify(value)}\n` }
}

function jsonError(status: number, message: string): Answer {
  return json(status, { error: message })
}
