/**
 * `POST /api/v1` of the master: calls of operators.
 * Source: apache/mesos src/master/http.cpp (Http::api); docs/operator-http-api.md.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { masterResponseCodec } from '../../../mesos/codec.ts'
import type { MasterCall, MasterResponse } from '../../../mesos/types.generated.ts'
import { writeAnswer } from '../../http/http.ts'
import type { Answer } from '../../http/http.ts'
import { startMaintenance, stopMaintenance } from '../../master/maintenance/machine-modes.ts'
import { getMaintenanceStatus, updateSchedule } from '../../master/maintenance/maintenance.ts'
import type { Master } from '../../master/master.ts'
import { getAgents } from '../../master/model/agents.ts'
import { getFrameworks, getRoles } from '../../master/model/frameworks.ts'
import { getExecutors, getOperations, getState, getTasks } from '../../master/model/master-model.ts'
import { readOperatorCall, writeResponse } from '../operator-call.ts'
import type { OperatorFormat } from '../operator-call.ts'
import { toFlags, toMetrics, toVersionInfo } from '../operator-lists.ts'
import { masterFlags } from './flags.ts'
import { measureMaster } from './metrics.ts'

const callFormat: OperatorFormat<MasterCall, MasterResponse> = {
  codecOf: masterResponseCodec,
  name: 'master::Call',
}

/**
 * Answers one request: 200 with an answer or a stream, 4xx in Mesos' words, 501 for unsupported
 * calls.
 */
export async function answerOperator(
  master: Master,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const read = await readOperatorCall(request, callFormat)
  if ('refusal' in read) return writeAnswer(response, read.refusal)
  const { accept, call } = read
  if (call.type === 'SUBSCRIBE') return master.subscribers.add(master.state, response, accept)
  const answer = respond(master, call)
  if ('status' in answer) writeAnswer(response, answer)
  else writeResponse(response, answer, masterResponseCodec(accept, { writeDefaults: true }))
}

function respond(master: Master, call: MasterCall): MasterResponse | Answer {
  const { state } = master
  switch (call.type) {
    case 'GET_HEALTH':
      return { type: 'GET_HEALTH', getHealth: { healthy: true } }
    case 'GET_FLAGS':
      return { type: 'GET_FLAGS', getFlags: { flags: toFlags(masterFlags(master)) } }
    case 'GET_VERSION':
      return {
        type: 'GET_VERSION',
        getVersion: { versionInfo: toVersionInfo(master.info.version) },
      }
    case 'GET_METRICS':
      return { type: 'GET_METRICS', getMetrics: { metrics: toMetrics(measureMaster(master)) } }
    case 'GET_LOGGING_LEVEL':
      return { type: 'GET_LOGGING_LEVEL', getLoggingLevel: { level: 0 } }
    case 'GET_STATE':
      return { type: 'GET_STATE', getState: getState(state) }
    case 'GET_AGENTS':
      return { type: 'GET_AGENTS', getAgents: getAgents(state) }
    case 'GET_FRAMEWORKS':
      return { type: 'GET_FRAMEWORKS', getFrameworks: getFrameworks(state) }
    case 'GET_EXECUTORS':
      return { type: 'GET_EXECUTORS', getExecutors: getExecutors(state) }
    case 'GET_TASKS':
      return { type: 'GET_TASKS', getTasks: getTasks(state) }
    case 'GET_OPERATIONS':
      return { type: 'GET_OPERATIONS', getOperations: getOperations(state) }
    case 'GET_ROLES':
      return { type: 'GET_ROLES', getRoles: { roles: getRoles(state) } }
    case 'GET_WEIGHTS':
      return { type: 'GET_WEIGHTS', getWeights: {} }
    case 'GET_QUOTA':
      return { type: 'GET_QUOTA', getQuota: { status: {} } }
    case 'GET_MAINTENANCE_STATUS':
      return {
        type: 'GET_MAINTENANCE_STATUS',
        getMaintenanceStatus: { status: getMaintenanceStatus(state) },
      }
    case 'GET_MAINTENANCE_SCHEDULE':
      return {
        type: 'GET_MAINTENANCE_SCHEDULE',
        getMaintenanceSchedule: { schedule: state.registrar.maintenance.schedule },
      }
    case 'UPDATE_MAINTENANCE_SCHEDULE':
      return updateSchedule(state, call.updateMaintenanceSchedule.schedule)
    case 'START_MAINTENANCE':
      return startMaintenance(state, call.startMaintenance.machines ?? [], master.shutDown)
    case 'STOP_MAINTENANCE':
      return stopMaintenance(state, call.stopMaintenance.machines ?? [])
    case 'DRAIN_AGENT':
      return master.draining.drain(call.drainAgent)
    case 'DEACTIVATE_AGENT':
      return master.draining.deactivate(call.deactivateAgent.agentId.value)
    case 'REACTIVATE_AGENT':
      return master.draining.reactivate(call.reactivateAgent.agentId.value)
    case 'MARK_AGENT_GONE':
      return markGone(master, call.markAgentGone.agentId.value)
    case 'TEARDOWN':
      return master.teardown(call.teardown.frameworkId.value)
    case 'GET_MASTER':
      return { type: 'GET_MASTER', getMaster: getMaster(master) }
    // A master has no sandboxes, and this one no log: no files to list or read.
    case 'LIST_FILES':
    case 'READ_FILE':
      return { status: 404 }
    default:
      return { status: 501 }
  }
}

/** Also answers 200 for an agent that is gone already. */
function markGone({ markGone, state }: Master, agentId: string): Answer {
  return markGone(agentId) || state.registrar.gone.has(agentId)
    ? { status: 200 }
    : { status: 404, body: `Agent '${agentId}' not found` }
}

function getMaster({ info, startedAt }: Master) {
  return { masterInfo: info, startTime: startedAt, electedTime: startedAt }
}
