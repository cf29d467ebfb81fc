/** Facts about operations, with the error that `operate` rejects with. */
import { defined } from '../../defined.ts'
import { JarcastError } from '../../errors.ts'
import type { ErrorCode } from '../../errors.ts'
import type { OperationFact } from '../../machines/scheduler/operations/operation-update.ts'
import type { SchedulerFact } from '../../machines/scheduler/events.ts'
import type { OperationEnded, OperationUpdated } from './events.ts'

type Rejection = Extract<SchedulerFact, { readonly type: 'operation.rejected' }>

export function operationUpdated(
  { operationId, agentId, attempt, status }: OperationFact,
  at: number,
): OperationUpdated {
  return { operationId, agentId, attempt, ...defined({ state: status?.state, status }), at }
}

export function operationEnded(fact: OperationFact, at: number): OperationEnded {
  const resources = fact.status?.convertedResources
  return {
    ...operationUpdated(fact, at),
    ...defined({ resources, error: operationError(fact) }),
  }
}

export function operationRejected(fact: Rejection, at: number): OperationEnded {
  return operationEnded({ ...fact, type: 'operation.ended', agentId: '', attempt: 1 }, at)
}

/** Undefined for an operation that finished. */
function operationError(fact: OperationFact): JarcastError | undefined {
  const { operationId, agentId, status, code, message } = fact
  if (status?.state === 'OPERATION_FINISHED') return undefined
  const why = status?.message ?? message ?? 'Mesos gives no reason'
  const state = status === undefined ? '' : ` ${status.state}`
  return new JarcastError(
    (code as ErrorCode | undefined) ?? 'OPERATION_FAILED',
    `operation ${operationId}${state}: ${why}`,
    { details: { operationId, agentId, ...defined({ state: status?.state }), message: why } },
  )
}
