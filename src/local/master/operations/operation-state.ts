/**
 * Operations with an id, from ACCEPT until their last update is acknowledged.
 * Source: apache/mesos docs/operator-http-api.md, GET_OPERATIONS; src/master/master.cpp
 * (updateOperationStatus, acknowledgeOperationStatus, sendBulkOperationFeedback).
 */
import { defined } from '../../../defined.ts'
import type {
  OperationStatus,
  SchedulerCallAcknowledgeOperationStatus,
} from '../../../mesos/types.generated.ts'
import { randomUuidBytes } from '../../messages/uuid.ts'
import type { AppliedOperation, OperationUpdate } from '../../network/links.ts'
import type { Framework, MasterAgent, MasterOperation, MasterState } from '../state/master-state.ts'

/** Stores an operation and sends it to its agent. */
export function sendOperation(
  framework: Framework,
  agent: MasterAgent,
  { conversions, operation }: Omit<AppliedOperation, 'uuid'>,
): void {
  const uuid = randomUuidBytes()
  const operationId = defined({ operationId: operation.id })
  framework.operations.set(uuid, {
    uuid,
    conversions,
    agentId: agent.id,
    info: operation,
    latestStatus: { ...operationId, state: 'OPERATION_PENDING', agentId: { value: agent.id } },
    statuses: [],
  })
  agent.link.applyOperation(framework.id, { uuid, conversions, operation })
}

/** Resends operations that the agent may not have received before it disconnected. */
export function resendOperations(master: MasterState, agent: MasterAgent): void {
  for (const framework of master.frameworks.values()) {
    for (const { agentId, conversions, info, statuses, uuid } of framework.operations.values()) {
      if (agentId !== agent.id || statuses.length > 0) continue
      agent.link.applyOperation(framework.id, { uuid, conversions, operation: info })
    }
  }
}

/**
 * Handles an agent's update of an operation: sends it to the framework, or forgets an operation
 * without id.
 */
export function updateOperation(
  master: MasterState,
  frameworkId: string,
  agentId: string,
  { operation: info, status, uuid }: OperationUpdate,
): void {
  const framework = master.frameworks.get(frameworkId)
  if (framework === undefined || !master.agents.has(agentId)) return
  if (info.id === undefined) {
    framework.operations.delete(uuid)
    return
  }
  // A new leader does not know the operation yet.
  const operation: MasterOperation = framework.operations.get(uuid) ?? {
    uuid,
    conversions: [],
    agentId,
    info,
    latestStatus: status,
    statuses: [],
  }
  framework.operations.set(uuid, operation)
  operation.latestStatus = status
  const isNew = operation.statuses.every((each) => each.uuid?.value !== status.uuid?.value)
  if (isNew) operation.statuses.push(status)
  sendOperationStatus(framework, status)
}

/**
 * Forwards an acknowledgement to the agent, which stops sending the update. Ignores unknown ones.
 */
export function acknowledgeOperation(
  master: MasterState,
  framework: Framework,
  { agentId, operationId, uuid }: SchedulerCallAcknowledgeOperationStatus,
): void {
  const operation = findOperation(framework, operationId.value)
  const agent = master.agents.get(agentId?.value ?? '')
  const isSent = operation?.statuses.some((status) => status.uuid?.value === uuid) === true
  if (operation === undefined || agent?.isConnected !== true || !isSent) return
  framework.operations.delete(operation.uuid)
  agent.link.acknowledgeOperation(operation.uuid, uuid)
}

/** Sends a last update of each operation of a lost agent, and forgets them. */
export function loseOperations(master: MasterState, agentId: string, isUnreachable: boolean): void {
  for (const framework of master.frameworks.values()) {
    for (const { agentId: of, info, uuid } of framework.operations.values()) {
      if (of !== agentId) continue
      framework.operations.delete(uuid)
      if (info.id === undefined) continue
      sendOperationStatus(framework, {
        operationId: info.id,
        state: isUnreachable ? 'OPERATION_UNREACHABLE' : 'OPERATION_GONE_BY_OPERATOR',
        message: isUnreachable ? 'Agent was marked unreachable' : 'Agent has been marked gone',
        agentId: { value: agentId },
      })
    }
  }
}

export function findOperation(
  framework: Framework,
  operationId: string,
): MasterOperation | undefined {
  for (const operation of framework.operations.values()) {
    if (operation.info.id?.value === operationId) return operation
  }
  return undefined
}

export function sendOperationStatus(framework: Framework, status: OperationStatus): void {
  framework.stream?.send({ type: 'UPDATE_OPERATION_STATUS', updateOperationStatus: { status } })
}
