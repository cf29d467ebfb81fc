/** From the facts about an operation to its events, and to the error that its caller gets. */
import { JarcastError } from '../../errors.ts'
import type { ErrorCode } from '../../errors.ts'
import type { OperationFact } from '../../machines/scheduler/operations/operation-update.ts'
import type { OperationEnded, OperationUpdated } from './events.ts'

export function operationUpdatedOf(fact: OperationFact, at: number): OperationUpdated {
  const { operationId, agentId, attempt, status } = fact
  return {
    operationId,
    agentId,
    attempt,
    ...(status === undefined ? {} : { state: status.state, status }),
    at,
  }
}

export function operationEndedOf(fact: OperationFact, at: number): OperationEnded {
  const resources = fact.status?.convertedResources
  const error = operationErrorOf(fact)
  return {
    ...operationUpdatedOf(fact, at),
    ...(resources === undefined ? {} : { resources }),
    ...(error === undefined ? {} : { error }),
  }
}

/** Undefined for an operation that finished. */
function operationErrorOf(fact: OperationFact): JarcastError | undefined {
  const { operationId, agentId, status, code, message } = fact
  if (status?.state === 'OPERATION_FINISHED') return undefined
  const why = status?.message ?? message ?? 'Mesos does not say why'
  const state = status === undefined ? '' : ` ${status.state}`
  return new JarcastError(
    (code as ErrorCode | undefined) ?? 'OPERATION_FAILED',
    `operation ${operationId}${state}: ${why}`,
    {
      details: {
        operationId,
        agentId,
        ...(status === undefined ? {} : { state: status.state }),
        message: why,
      },
    },
  )
}
