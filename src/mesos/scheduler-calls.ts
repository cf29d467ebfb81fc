/**
 * One function per call of the v1 scheduler API: plain data in, plain call out, ids as strings.
 * Source: apache/mesos docs/scheduler-http-api.md, "Calls"; include/mesos/v1/scheduler/scheduler.proto.
 */
import { defined } from '../defined.ts'
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
  /** Roles for which no offers are wanted yet. Default none. */
  readonly suppressedRoles?: readonly string[]
  /** Which agents to be offered at all, per role. Default all. */
  readonly offerConstraints?: SchedulerOfferConstraints
}

/** A task to ask about; without its agent the answer takes longer while agents come back. */
export interface TaskToReconcile {
  readonly taskId: string
  readonly agentId?: string
}

/** An operation to ask about. */
export interface OperationToReconcile {
  readonly operationId: string
  readonly agentId?: string
  readonly resourceProviderId?: string
}

/** A status update of an operation, as its event named it. */
export interface OperationStatusToAcknowledge {
  readonly operationId: string
  readonly uuid: Base64
  readonly agentId?: string
  readonly resourceProviderId?: string
}

/** SUBSCRIBE: opens the event stream. With `id` in `frameworkInfo` the framework comes back as the one it was. */
export function subscribe(
  frameworkInfo: FrameworkInfo,
  options: SubscribeOptions = {},
): SchedulerCall {
  const { id } = frameworkInfo
  return {
    type: 'SUBSCRIBE',
    // The master wants the id in both places or in neither.
    ...defined({ frameworkId: id }),
    subscribe: { frameworkInfo, ...options },
  }
}

/** TEARDOWN: ends the framework with all its tasks. */
export function teardown(frameworkId: string): SchedulerCall {
  return { type: 'TEARDOWN', frameworkId: { value: frameworkId } }
}

/** ACCEPT: uses the offers, all of one agent, for the operations in their order; what is left goes back. */
export function accept(
  frameworkId: string,
  offerIds: readonly string[],
  operations: readonly OfferOperation[],
  filters?: Filters,
): SchedulerCall {
  return {
    type: 'ACCEPT',
    frameworkId: { value: frameworkId },
    accept: { offerIds: offerIds.map(toId), operations, ...optional('filters', filters) },
  }
}

/** DECLINE: gives the offers back; without filters Mesos keeps their resources away for 5 seconds. */
export function decline(
  frameworkId: string,
  offerIds: readonly string[],
  filters?: Filters,
): SchedulerCall {
  return {
    type: 'DECLINE',
    frameworkId: { value: frameworkId },
    decline: { offerIds: offerIds.map(toId), ...optional('filters', filters) },
  }
}

/** ACCEPT_INVERSE_OFFERS: agrees to give the resources back in time. */
export function acceptInverseOffers(
  frameworkId: string,
  inverseOfferIds: readonly string[],
  filters?: Filters,
): SchedulerCall {
  return {
    type: 'ACCEPT_INVERSE_OFFERS',
    frameworkId: { value: frameworkId },
    acceptInverseOffers: {
      inverseOfferIds: inverseOfferIds.map(toId),
      ...optional('filters', filters),
    },
  }
}

/** DECLINE_INVERSE_OFFERS: says that the resources will not be given back in time. */
export function declineInverseOffers(
  frameworkId: string,
  inverseOfferIds: readonly string[],
  filters?: Filters,
): SchedulerCall {
  return {
    type: 'DECLINE_INVERSE_OFFERS',
    frameworkId: { value: frameworkId },
    declineInverseOffers: {
      inverseOfferIds: inverseOfferIds.map(toId),
      ...optional('filters', filters),
    },
  }
}

/** REVIVE: takes filters and suppression off, for the roles given or for all. */
export function revive(frameworkId: string, roles: readonly string[] = []): SchedulerCall {
  const head = { type: 'REVIVE', frameworkId: { value: frameworkId } } as const
  return roles.length > 0 ? { ...head, revive: { roles } } : head
}

/** SUPPRESS: no offers until REVIVE, for the roles given or for all. */
export function suppress(frameworkId: string, roles: readonly string[] = []): SchedulerCall {
  const head = { type: 'SUPPRESS', frameworkId: { value: frameworkId } } as const
  return roles.length > 0 ? { ...head, suppress: { roles } } : head
}

/** KILL: asks for the end of a task; the agent, when known, makes it work while the master recovers. */
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
      ...optional('agentId', toOptionalId(agentId)),
      ...optional('killPolicy', killPolicy),
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

/** ACKNOWLEDGE: only for an update that has a uuid, and only once it is on disk. */
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

/** ACKNOWLEDGE_OPERATION_STATUS: the same for an operation; a master refuses it without the agent. */
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
      ...optional('agentId', toOptionalId(agentId)),
      ...optional('resourceProviderId', toOptionalId(resourceProviderId)),
    },
  }
}

/** RECONCILE: asks for the state of these tasks, or of every task that is not final when there are none. */
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
        ...optional('agentId', toOptionalId(agentId)),
      })),
    },
  }
}

/** RECONCILE_OPERATIONS: the same for operations; the answers come as events. */
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
        ...optional('agentId', toOptionalId(agentId)),
        ...optional('resourceProviderId', toOptionalId(resourceProviderId)),
      })),
    },
  }
}

/** MESSAGE: bytes for an executor, best effort: nobody says whether they came. */
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

/** REQUEST: a wish for resources, which the built-in allocator ignores. */
export function request(frameworkId: string, requests: readonly Request[]): SchedulerCall {
  return { type: 'REQUEST', frameworkId: { value: frameworkId }, request: { requests } }
}

/** UPDATE_FRAMEWORK: changes roles, capabilities and the like; answered 200 once done. Needs the id inside. */
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

function toId(value: string): { readonly value: string } {
  return { value }
}

function toOptionalId(value: string | undefined): { readonly value: string } | undefined {
  return value === undefined ? undefined : { value }
}

/** `{ [key]: value }`, or nothing: unset is absent, never undefined. */
function optional<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]: Value })
}
