/**
 * `POST /api/v1` of the master, as far as tools ask for it at the start: health, version, agents. JSON only.
 * Source: apache/mesos docs/operator-http-api.md.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  badRequest,
  jsonAnswer,
  methodNotAllowed,
  readBody,
  writeAnswer,
  type Answer,
} from './http.ts'
import type { Master } from './master.ts'
import { VERSION } from './views.ts'

/** Answers one request; calls that are not served get 501. */
export async function answerOperator(
  master: Master,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST') {
    writeAnswer(response, methodNotAllowed(request.method))
    return
  }
  const body = await readBody(request)
  const isJson = request.headers['content-type'] === 'application/json'
  if (body === undefined) writeAnswer(response, { status: 413, headers: { Connection: 'close' } })
  else if (isJson) writeAnswer(response, answerOperatorCall(master, body.toString()))
  else writeAnswer(response, { status: 415, body: "Expecting 'Content-Type' of application/json" })
}

function answerOperatorCall(master: Master, body: string): Answer {
  switch (readType(body)) {
    case undefined:
      return badRequest("Failed to validate master::Call: Expecting 'type' to be present")
    case 'GET_HEALTH':
      return jsonAnswer({ type: 'GET_HEALTH', get_health: { healthy: true } })
    case 'GET_VERSION':
      return jsonAnswer({ type: 'GET_VERSION', get_version: { version_info: VERSION } })
    case 'GET_AGENTS': {
      const agents = [...master.state.agents.values()].map(({ link }) => {
        const { attributes, hostname, id, port, resources } = link.info
        const { address, path } = link.url
        return {
          agent_info: { id, hostname, port, resources, attributes },
          active: true,
          pid: `${path?.slice(1)}@${address.ip}:${address.port}`,
          version: VERSION.version,
          total_resources: resources,
        }
      })
      return jsonAnswer({ type: 'GET_AGENTS', get_agents: { agents } })
    }
    default:
      return { status: 501 }
  }
}

function readType(body: string): string | undefined {
  try {
    const call: unknown = JSON.parse(body)
    const type = call !== null && typeof call === 'object' && 'type' in call ? call.type : undefined
    return typeof type === 'string' ? type : undefined
  } catch {
    return undefined
  }
}
