/**
 * `POST /api/v1` of an agent: calls of operators.
 * Source: apache/mesos src/slave/http.cpp (Http::_api); docs/operator-http-api.md.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { agentResponseCodec } from '../../../mesos/codec.ts'
import type { MediaType } from '../../../mesos/codec.ts'
import { encodeReadFileHead } from '../../../mesos/read-file.ts'
import type { AgentCall, AgentCallReadFile, AgentResponse } from '../../../mesos/types.generated.ts'
import type { Agent } from '../../agent/agent.ts'
import { writeAnswer } from '../../http/http.ts'
import type { Answer } from '../../http/http.ts'
import { readOperatorCall, writeBody, writeResponse } from '../operator-call.ts'
import type { OperatorFormat } from '../operator-call.ts'
import { toFlags, toMetrics, toVersionInfo } from '../operator-lists.ts'
import { listContainers } from './containers.ts'
import { agentFlags } from './flags.ts'
import { measureAgent } from './metrics.ts'
import { getExecutors, getFrameworks, getState, getTasks } from './model.ts'
import { listFiles, maxReadBytes, readSandboxFile } from './sandbox-files.ts'
import type { Sandboxes } from './sandbox-files.ts'

const callFormat: OperatorFormat<AgentCall, AgentResponse> = {
  codecOf: agentResponseCodec,
  name: 'agent::Call',
}

/** Answers one request: 200, 4xx in Mesos' words, 501 for unsupported calls. */
export async function answerAgentOperator(
  agent: Agent,
  workDir: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const read = await readOperatorCall(request, callFormat)
  if ('refusal' in read) return writeAnswer(response, read.refusal)
  const { accept, call } = read
  const sandboxes = { workDir, agentId: agent.id }
  if (call.type === 'READ_FILE') return answerReadFile(sandboxes, call.readFile, accept, response)
  write(response, accept, await respond(agent, sandboxes, call))
}

function write(response: ServerResponse, accept: MediaType, answer: AgentResponse | Answer): void {
  if ('status' in answer) writeAnswer(response, answer)
  else writeResponse(response, answer, agentResponseCodec(accept, { writeDefaults: true }))
}

async function respond(
  agent: Agent,
  sandboxes: Sandboxes,
  call: AgentCall,
): Promise<AgentResponse | Answer> {
  const { state } = agent
  const { workDir } = sandboxes
  switch (call.type) {
    case 'GET_HEALTH':
      return { type: 'GET_HEALTH', getHealth: { healthy: true } }
    case 'GET_FLAGS':
      return { type: 'GET_FLAGS', getFlags: { flags: toFlags(agentFlags(agent, workDir)) } }
    case 'GET_VERSION':
      return { type: 'GET_VERSION', getVersion: { versionInfo: toVersionInfo() } }
    case 'GET_METRICS':
      return { type: 'GET_METRICS', getMetrics: { metrics: toMetrics(measureAgent(agent)) } }
    case 'GET_LOGGING_LEVEL':
      return { type: 'GET_LOGGING_LEVEL', getLoggingLevel: { level: 0 } }
    case 'GET_STATE':
      return { type: 'GET_STATE', getState: getState(state) }
    case 'GET_TASKS':
      return { type: 'GET_TASKS', getTasks: getTasks(state) }
    case 'GET_EXECUTORS':
      return { type: 'GET_EXECUTORS', getExecutors: getExecutors(state) }
    case 'GET_FRAMEWORKS':
      return { type: 'GET_FRAMEWORKS', getFrameworks: getFrameworks(state) }
    case 'GET_OPERATIONS':
      return { type: 'GET_OPERATIONS', getOperations: {} }
    case 'GET_RESOURCE_PROVIDERS':
      return { type: 'GET_RESOURCE_PROVIDERS', getResourceProviders: {} }
    case 'GET_AGENT':
      return { type: 'GET_AGENT', getAgent: { agentInfo: agent.info } }
    case 'GET_CONTAINERS': {
      const { showNested } = call.getContainers
      const containers = (await listContainers(state, { showNested })).map((each) => each.container)
      return { type: 'GET_CONTAINERS', getContainers: { containers } }
    }
    case 'LIST_FILES': {
      const files = await listFiles(sandboxes, call.listFiles.path)
      return 'status' in files ? files : { type: 'LIST_FILES', listFiles: { fileInfos: files } }
    }
    default:
      return { status: 501 }
  }
}

/** For answers in protobuf, used again: new ones would become as much garbage as is read. */
const spareBuffers: Buffer[] = []
const maxSpareBuffers = 64

/** Bytes are base64 only where the answer is JSON: readers of outputs ask for many. */
function answerReadFile(
  sandboxes: Sandboxes,
  { length, offset, path }: AgentCallReadFile,
  accept: MediaType,
  response: ServerResponse,
): void {
  const buffer = spareBuffers.pop() ?? Buffer.allocUnsafeSlow(maxReadBytes)
  const range = {
    offset: Number(offset),
    length: length === undefined ? undefined : Number(length),
  }
  const part = readSandboxFile(sandboxes, path, range, buffer)
  if ('status' in part) return writeAnswer(response, part)
  if (accept === 'application/x-protobuf') {
    response.once('close', () => {
      if (spareBuffers.length < maxSpareBuffers) spareBuffers.push(buffer)
    })
    return writeBody(response, accept, [encodeReadFileHead(part), part.data])
  }
  const readFile = { size: part.size, data: part.data.toString('base64') }
  write(response, accept, { type: 'READ_FILE', readFile })
}
