/**
 * One function per call of the v1 scheduler API: plain data in, plain call out, ids as strings.
 * Source: apache/mesos docs/scheduler-http-api.md, "Calls".
 */
import { defined } from '../defined.ts'
import { toId, toOptionalId, toOptionalIds } from './id-messages.ts'
import type {
  Base64,
  Filters,
  FrameworkInfo,
  KillPolicy,
  OfferOperation,
  Request,
  SchedulerCall,
  SchedulerOfferConstraints,
} from './types.generated.ts'

export interface SubscribeOptions {
  /** Roles without offers until REVIVE. Default none. */
  readonly suppressedRoles?: readonly string[]
  /** The agents to be offered, per role. Default all. */
  readonly offerConstraints?: SchedulerOfferConstraints
}

/** A task to reconcile. Without its agent the answer may wait for agents to register. */
export interface TaskToReconcile {
  readonly taskId: string
  readonly agentId?: string
}

/** An operation to reconcile. */
export interface OperationToReconcile {
  readonly operationId: string
  readonly agentId?: string
  readonly resourceProviderId?: string
}

/** A status update of an operation, with the ids of its event. */
export interface OperationStatusToAcknowledge {
  readonly operationId: string
  readonly uuid: Base64
  readonly agentId?: string
  readonly resourceProviderId?: string
}

/** SUBSCRIBE: opens the event stream. With `frameworkInfo.id` the framework subscribes again. */
export function subscribe(
  frameworkInfo: FrameworkInfo,
  options: SubscribeOptions = {},
): SchedulerCall {
  return {
    type: 'SUBSCRIBE',
    // The master requires the id in both places, or in neither.
    ...defined({ frameworkId: frameworkInfo.id }),
    subscribe: { frameworkInfo, ...options },
  }
}

/** TEARDOWN: ends the framework with all its tasks. */
export function teardown(frameworkId: string): SchedulerCall {
  return { type: 'TEARDOWN', frameworkId: { value: frameworkId } }
}

/** ACCEPT: applies operations, in order, to offers of one agent. Declines unused resources. */
export function accept(
  frameworkId: string,
  offerIds: readonly string[],
  operations: readonly OfferOperation[],
  filters?: Filters,
): SchedulerCall {
  return {
    type: 'ACCEPT',
    frameworkId: { value: frameworkId },
    accept: { offerIds: offerIds.map(toId), operations, ...defined({ filters }) },
  }
}

/** DECLINE: declines offers. Without filters their resources are not offered for 5 seconds. */
export function decline(
  frameworkId: string,
  offerIds: readonly string[],
  filters?: Filters,
): SchedulerCall {
  return {
    type: 'DECLINE',
    frameworkId: { value: frameworkId },
    decline: { offerIds: offerIds.map(toId), ...defined({ filters }) },
  }
}

/** ACCEPT_INVERSE_OFFERS: agrees to release the resources in time. */
export function acceptInverseOffers(
  frameworkId: string,
  inverseOfferIds: readonly string[],
  filters?: Filters,
): SchedulerCall {
  return {
    type: 'ACCEPT_INVERSE_OFFERS',
    frameworkId: { value: frameworkId },
    acceptInverseOffers: { inverseOfferIds: inverseOfferIds.map(toId), ...defined({ filters }) },
  }
}

/** DECLINE_INVERSE_OFFERS: refuses to release the resources in time. */
export function declineInverseOffers(
  frameworkId: string,
  inverseOfferIds: readonly string[],
  filters?: Filters,
): SchedulerCall {
  return {
    type: 'DECLINE_INVERSE_OFFERS',
    frameworkId: { value: frameworkId },
    declineInverseOffers: { inverseOfferIds: inverseOfferIds.map(toId), ...defined({ filters }) },
  }
}

/** REVIVE: removes filters and suppression of the given roles, or of all. */
export function revive(frameworkId: string, roles: readonly string[] = []): SchedulerCall {
  const head = { type: 'REVIVE', frameworkId: { value: frameworkId } } as const
  return roles.length > 0 ? { ...head, revive: { roles } } : head
}

/** SUPPRESS: stops offers to the given roles, or to all, until REVIVE. */
export function suppress(frameworkId: string, roles: readonly string[] = []): SchedulerCall {
  const head = { type: 'SUPPRESS', frameworkId: { value: frameworkId } } as const
  return roles.length > 0 ? { ...head, suppress: { roles } } : head
}

/** KILL: kills a task. With `agentId` it works while the master recovers. */
export function kill(
  frameworkId: string,
  taskId: string,
  agentId?: string,
  killPolicy?: KillPolicy,
): SchedulerCall {
  return {
    type: 'KILL',
    frameworkId: { value: frameworkId },
    kill: {
      taskId: { value: taskId },
      ...defined({ agentId: toOptionalId(agentId), killPolicy }),
    },
  }
}

/** SHUTDOWN: ends an executor with all its tasks. */
export function shutdown(frameworkId: string, executorId: string, agentId: string): SchedulerCall {
  return {
    type: 'SHUTDOWN',
    frameworkId: { value: frameworkId },
    shutdown: { executorId: { value: executorId }, agentId: { value: agentId } },
  }
}

/** ACKNOWLEDGE: acknowledges an update that has a uuid. Call it when the update is on disk. */
export function acknowledge(
  frameworkId: string,
  agentId: string,
  taskId: string,
  uuid: Base64,
): SchedulerCall {
  return {
    type: 'ACKNOWLEDGE',
    frameworkId: { value: frameworkId },
    acknowledge: { agentId: { value: agentId }, taskId: { value: taskId }, uuid },
  }
}

/** ACKNOWLEDGE_OPERATION_STATUS: as ACKNOWLEDGE. The master refuses it without `agentId`. */
export function acknowledgeOperationStatus(
  frameworkId: string,
  status: OperationStatusToAcknowledge,
): SchedulerCall {
  const { operationId, uuid, agentId, resourceProviderId } = status
  return {
    type: 'ACKNOWLEDGE_OPERATION_STATUS',
    frameworkId: { value: frameworkId },
    acknowledgeOperationStatus: {
      operationId: { value: operationId },
      uuid,
      ...toOptionalIds(agentId, resourceProviderId),
    },
  }
}

/** RECONCILE: requests the state of these tasks; none: of every task that has not ended. */
export function reconcile(
  frameworkId: string,
  tasks: readonly TaskToReconcile[] = [],
): SchedulerCall {
  return {
    type: 'RECONCILE',
    frameworkId: { value: frameworkId },
    reconcile: {
      tasks: tasks.map(({ taskId, agentId }) => ({
        taskId: { value: taskId },
        ...defined({ agentId: toOptionalId(agentId) }),
      })),
    },
  }
}

/** RECONCILE_OPERATIONS: requests the state of operations. Events bring the answers. */
export function reconcileOperations(
  frameworkId: string,
  operations: readonly OperationToReconcile[] = [],
): SchedulerCall {
  return {
    type: 'RECONCILE_OPERATIONS',
    frameworkId: { value: frameworkId },
    reconcileOperations: {
      operations: operations.map(({ operationId, agentId, resourceProviderId }) => ({
        operationId: { value: operationId },
        ...toOptionalIds(agentId, resourceProviderId),
      })),
    },
  }
}

/** MESSAGE: sends bytes to an executor, best effort: no event reports whether they arrived. */
export function message(
  frameworkId: string,
  agentId: string,
  executorId: string,
  data: Base64,
): SchedulerCall {
  return {
    type: 'MESSAGE',
    frameworkId: { value: frameworkId },
    message: { agentId: { value: agentId }, executorId: { value: executorId }, data },
  }
}

/** REQUEST: requests resources. Mesos' own allocator ignores it. */
export function request(frameworkId: string, requests: readonly Request[]): SchedulerCall {
  return { type: 'REQUEST', frameworkId: { value: frameworkId }, request: { requests } }
}

/** UPDATE_FRAMEWORK: changes roles, capabilities and so on. `frameworkInfo` must have its id. */
export function updateFramework(
  frameworkId: string,
  frameworkInfo: FrameworkInfo,
  options: SubscribeOptions = {},
): SchedulerCall {
  return {
    type: 'UPDATE_FRAMEWORK',
    frameworkId: { value: frameworkId },
    updateFramework: { frameworkInfo, ...options },
  }
}
