/**
 * The pages of an agent for GET.
 * Source: apache/mesos docs/endpoints.
 */
import type { ServerResponse } from 'node:http'
import type { Agent } from '../../agent/agent.ts'
import { badRequest, methodNotAllowed, writeAnswer } from '../../http/http.ts'
import type { Answer } from '../../http/http.ts'
import { versionInfo } from '../../messages/version.ts'
import { toWireJson } from '../../messages/wire-json.ts'
import { viewAnswer } from '../view-request.ts'
import type { ViewRequest } from '../view-request.ts'
import { listContainers } from './containers.ts'
import { answerFiles } from './files-views.ts'
import { agentFlags } from './flags.ts'
import { measureAgent } from './metrics.ts'
import { describeAgentState } from './state-json.ts'

/** Answers a request for a page; 404 for an unknown page. `workDir` is the agent's. */
export async function answerAgentView(
  agent: Agent,
  workDir: string,
  request: ViewRequest,
  response: ServerResponse,
): Promise<void> {
  const { method, path } = request
  if (path === '/health') return writeAnswer(response, { status: 200 })
  if (method !== 'GET' && method !== 'HEAD') {
    return writeAnswer(response, methodNotAllowed(method, 'GET'))
  }
  if (path.startsWith('/files/')) {
    return answerFiles({ workDir, agentId: agent.id }, request, response)
  }
  writeAnswer(response, await answerPage(agent, workDir, request))
}

async function answerPage(agent: Agent, workDir: string, request: ViewRequest): Promise<Answer> {
  const { path, query } = request
  switch (path) {
    case '/version':
      return viewAnswer(query, versionInfo)
    case '/state':
      return viewAnswer(query, describeAgentState(agent, workDir))
    case '/flags':
      return viewAnswer(query, { flags: agentFlags(agent, workDir) })
    case '/metrics/snapshot':
      return viewAnswer(query, measureAgent(agent))
    case '/containers':
      return answerContainers(agent, query)
    default:
      return { status: 404 }
  }
}

async function answerContainers(agent: Agent, query: URLSearchParams): Promise<Answer> {
  const [containerId, executorId, frameworkId] = [
    'container_id',
    'executor_id',
    'framework_id',
  ].map((name) => query.get(name) ?? undefined)
  const isMixed = containerId !== undefined && (executorId ?? frameworkId) !== undefined
  if (isMixed || (executorId !== undefined && frameworkId === undefined)) {
    return badRequest(
      'Supported query parameters are container_id only,' +
        ' framework_id only, or executor_id and framework_id only',
    )
  }
  const containers = await listContainers(agent.state, { containerId, executorId, frameworkId })
  return viewAnswer(
    query,
    containers.map(({ container, source }) => ({
      container_id: container.containerId.value,
      executor_id: container.executorId?.value ?? '',
      executor_name: container.executorName ?? '',
      framework_id: container.frameworkId?.value ?? '',
      source,
      statistics: toWireJson(
        'mesos.v1.ResourceStatistics',
        container.resourceStatistics ?? { timestamp: 0 },
      ),
      status: toWireJson('mesos.v1.ContainerStatus', container.containerStatus ?? {}),
    })),
  )
}
