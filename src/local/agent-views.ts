/** The pages of an agent that people poll over GET. */
import { jsonAnswer, type Answer } from './http.ts'
import { jsonAgent, jsonResources } from './json-model.ts'
import type { AgentLink } from './links.ts'
import { VERSION } from './version.ts'
import type { ViewRequest } from './view-request.ts'

export function answerAgentView(agent: AgentLink, { path }: ViewRequest): Answer {
  switch (path) {
    case '/version':
      return jsonAnswer(VERSION)
    case '/health':
      return { status: 200 }
    case '/state':
      return jsonAnswer({
        ...VERSION,
        ...jsonAgent(agent.info),
        resources: jsonResources(agent.info.resources),
      })
    default:
      return { status: 404 }
  }
}
