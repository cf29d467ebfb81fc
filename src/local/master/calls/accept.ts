/**
 * ACCEPT: checks the offers, performs the operations on them in order, recovers the rest with the
 * filters and converted resources without.
 * Source: apache/mesos src/master/master.cpp (accept, _accept); docs/scheduler-http-api.md,
 * "ACCEPT".
 */
import type { OfferOperation, SchedulerCallAccept } from '../../../mesos/types.generated.ts'
import { hasCapability } from '../../messages/framework-info.ts'
import { prepareResources, resourcesIn } from '../../resources/resource-operations.ts'
import type { ResourceOperation } from '../../resources/resource-operations.ts'
import { findMalformed } from '../../resources/resource-validation.ts'
import { addAmounts, noAmounts, subtractAmounts } from '../../resources/resources.ts'
import { takeOffers } from '../offers/offer-book.ts'
import { findOfferError } from '../offers/offers.ts'
import { sendOperationStatus } from '../operations/operation-state.ts'
import { performOperation } from '../operations/perform-operation.ts'
import type { Framework, MasterState } from '../state/master-state.ts'
import { performLaunch, refuseLaunch, sendStatus, tasksOf } from './launch.ts'
import type { LaunchOperation } from './launch.ts'

/** Some frameworks decline by an empty LAUNCH: it recovers all resources. */
export function acceptOffers(
  master: MasterState,
  framework: Framework,
  accept: SchedulerCallAccept,
): void {
  const ids = (accept.offerIds ?? []).map(({ value }) => value)
  const error = findOfferError(master.offers, framework.id, ids)
  const taken = takeOffers(master, framework.id, ids)
  if (error !== undefined) {
    for (const allocation of taken) master.allocator.recover(allocation)
    for (const operation of accept.operations ?? []) refuse(framework, operation, error)
    return
  }
  framework.traffic.offers.accepted += taken.length
  const [first] = taken
  if (first === undefined) return
  const offered = taken.map(({ amounts }) => amounts).reduce(addAmounts, noAmounts)
  const site = { ...first, framework, offered }
  let left = { remaining: offered, resized: noAmounts }
  for (const asked of accept.operations ?? []) {
    const operation = prepare(framework, asked, first.role)
    if (operation === undefined) continue
    if (isLaunch(operation)) {
      const remaining = performLaunch(master, operation, { ...site, offered: left.remaining })
      left = { ...left, remaining }
    } else {
      left = performOperation(master, operation, site, left)
    }
  }
  const converted = subtractAmounts(addAmounts(left.remaining, left.resized), offered)
  const declined = subtractAmounts(left.remaining, converted)
  master.allocator.recover({ ...first, amounts: converted })
  master.allocator.recover({ ...first, amounts: declined }, { filters: accept.filters })
}

/**
 * Brings the operation's resources into one form. Refuses it, and returns undefined, if they are
 * invalid.
 */
function prepare(
  framework: Framework,
  operation: OfferOperation,
  role: string,
): LaunchOperation | ResourceOperation | undefined {
  if (operation.type === 'UNKNOWN') return undefined
  const error = findMalformed(resourcesIn(operation)) ?? findUnsupported(operation)
  if (isLaunch(operation)) {
    const message = error ?? findIdMisuse(operation)
    if (message === undefined) return prepareResources(operation, role) as LaunchOperation
    refuseLaunch(framework, operation, message)
    return undefined
  }
  if (operation.type === 'CREATE_DISK' || operation.type === 'DESTROY_DISK') {
    refuseOperation(framework, operation, 'Not supported: this agent has no resource providers')
    return undefined
  }
  if (error === undefined) return prepareResources(operation, role) as ResourceOperation
  refuseOperation(framework, operation, `Operation attempted with invalid resources: ${error}`)
  return undefined
}

function findUnsupported(operation: OfferOperation): string | undefined {
  return operation.type === 'RESERVE' && (operation.reserve.source ?? []).length > 0
    ? 'Reservation updates are not yet implemented for the scheduler API.'
    : undefined
}

function findIdMisuse({ id, type }: LaunchOperation): string | undefined {
  return id && `The \`id\` field cannot be set on ${type} operations`
}

function isLaunch(operation: OfferOperation): operation is LaunchOperation {
  return operation.type === 'LAUNCH' || operation.type === 'LAUNCH_GROUP'
}

/** Refuses an operation, since its offers are invalid. */
function refuse(framework: Framework, operation: OfferOperation, error: string): void {
  if (!isLaunch(operation)) {
    refuseOperation(framework, operation, `Operation attempted with invalid offers: ${error}`)
    return
  }
  const isPartitionAware = hasCapability(framework.info, 'PARTITION_AWARE')
  for (const task of tasksOf(operation)) {
    sendStatus(framework, task, {
      state: isPartitionAware ? 'TASK_DROPPED' : 'TASK_LOST',
      message: `Task launched with invalid offers: ${error}`,
      reason: 'REASON_INVALID_OFFERS',
    })
  }
}

/** Sends OPERATION_ERROR if the operation has an id. */
function refuseOperation(framework: Framework, operation: OfferOperation, message: string): void {
  if (operation.id === undefined) return
  sendOperationStatus(framework, { operationId: operation.id, state: 'OPERATION_ERROR', message })
}
