/**
 * What the master remembers of frameworks, their tasks and executors, agents and outstanding
 * offers.
 */
import type {
  AgentInfo,
  DrainInfo,
  ExecutorInfo,
  FrameworkInfo,
  OperationStatus,
  SchedulerEvent,
  SchedulerOfferConstraints,
  Task,
  TaskInfo,
  TaskState,
  TaskStatus,
  Unavailability,
} from '../../../mesos/types.generated.ts'
import type { EventStream } from '../../http/event-stream.ts'
import type { AgentLink, AppliedOperation } from '../../network/links.ts'
import type { Amounts } from '../../resources/resources.ts'
import { nowSeconds } from '../../time/now.ts'
import type { Allocation } from '../allocation/agent-pools.ts'
import type { Allocator } from '../allocation/allocator.ts'
import type { Registrar } from './registrar.ts'

export interface MasterTask {
  readonly info: TaskInfo
  readonly agentId: string
  /** Undefined for a command task: its executor is the agent's own. */
  readonly executorId: string | undefined
  readonly allocation: Allocation
  /** The newest state that the agent told of. */
  state: TaskState
  /** The last update that went to the framework. */
  lastUpdate: TaskStatus | undefined
  /** One per change of state, without data. */
  readonly statuses: TaskStatus[]
  isReleased: boolean
  /** A KILL came for it. */
  isKilled: boolean
}

export interface MasterExecutor {
  readonly info: ExecutorInfo
  readonly allocation: Allocation
}

/** An operation until its framework has acknowledged the last update. */
export interface MasterOperation extends Pick<AppliedOperation, 'uuid' | 'conversions'> {
  readonly agentId: string
  readonly info: AppliedOperation['operation']
  latestStatus: OperationStatus
  /** Those that went to the framework. */
  readonly statuses: OperationStatus[]
}

export interface Framework {
  readonly id: string
  info: FrameworkInfo
  offerConstraints: SchedulerOfferConstraints | undefined
  stream: EventStream<SchedulerEvent> | undefined
  streamId: string
  /** Known from an agent only; it has not subscribed with this master. */
  isRecovered: boolean
  /** Times in seconds since 1970. */
  readonly registeredAt: number
  reregisteredAt: number
  unregisteredAt: number | undefined
  readonly tasks: Map<string, MasterTask>
  /** On agents that were given up and may come back. */
  readonly unreachableTasks: Map<string, MasterTask>
  /** The latest that ended. */
  readonly completedTasks: Task[]
  /** By agent id, then executor id. */
  readonly executors: Map<string, Map<string, MasterExecutor>>
  /** Operations that it has not heard the end of, by uuid. */
  readonly operations: Map<string, MasterOperation>
  failoverTimer: NodeJS.Timeout | undefined
  heartbeatTimer: NodeJS.Timeout | undefined
}

export interface OutstandingOffer {
  readonly id: string
  readonly allocation: Allocation
}

export interface OutstandingInverseOffer {
  readonly id: string
  readonly frameworkId: string
  readonly agentId: string
}

export interface MasterAgent {
  readonly id: string
  link: AgentLink
  /** With reservations and volumes. */
  readonly total: Amounts
  /** In seconds since 1970. */
  readonly registeredAt: number
  /** False from the end of its process until it registers again, or is given up. */
  isConnected: boolean
  /** Since it answered last. */
  missedPings: number
  reregistrationTimer: NodeJS.Timeout | undefined
  /** When its machine will be unavailable, if that is planned. */
  unavailability: Unavailability | undefined
  /** Nothing is offered there, by an operator's wish. */
  readonly isDeactivated: boolean
  readonly drainInfo: DrainInfo | undefined
  /** In seconds since 1970; undefined unless it is, or was, drained. */
  drainStartedAt: number | undefined
}

/** May something be offered there. */
export function isActive({ isConnected, isDeactivated }: MasterAgent): boolean {
  return isConnected && !isDeactivated
}

/** Told of every change, after it was made. */
export interface MasterWatch {
  taskAdded(framework: Framework, task: MasterTask): void
  /** A new state, or the result of a check. */
  taskUpdated(framework: Framework, task: MasterTask, status: TaskStatus): void
  frameworkAdded(framework: Framework): void
  frameworkUpdated(framework: Framework): void
  frameworkRemoved(framework: Framework): void
  agentAdded(agent: MasterAgent): void
  agentRemoved(agentId: string): void
}

export interface MasterState {
  readonly id: string
  readonly allocator: Allocator
  readonly frameworks: Map<string, Framework>
  /** The latest that were removed. */
  readonly completedFrameworks: Framework[]
  /** Of more of them than are kept whole. */
  readonly completedIds: Set<string>
  readonly watch: MasterWatch
  /** How many tasks ended in each state. */
  readonly endedTasks: Map<TaskState, number>
  readonly agents: Map<string, MasterAgent>
  readonly registrar: Registrar
  /** Admitted by a master before, and not seen since this one leads. */
  readonly recoveredAgents: Map<string, AgentInfo>
  readonly offers: Map<string, OutstandingOffer>
  readonly inverseOffers: Map<string, OutstandingInverseOffer>
  /** Of the ids given so far. */
  readonly counters: { frameworks: number; offers: number }
}

export function newFramework(id: string, info: FrameworkInfo): Framework {
  const now = nowSeconds()
  return {
    id,
    info,
    offerConstraints: undefined,
    stream: undefined,
    streamId: '',
    isRecovered: false,
    registeredAt: now,
    reregisteredAt: now,
    unregisteredAt: undefined,
    tasks: new Map(),
    unreachableTasks: new Map(),
    completedTasks: [],
    executors: new Map(),
    operations: new Map(),
    failoverTimer: undefined,
    heartbeatTimer: undefined,
  }
}

/** Offers and inverse offers are counted together. */
export function nextOfferId({ counters, id }: MasterState): string {
  const next = `${id}-O${counters.offers}`
  counters.offers += 1
  return next
}

/** Ends the framework's stream and its heartbeats. */
export function endStream(framework: Framework): void {
  clearInterval(framework.heartbeatTimer)
  framework.stream?.end()
  framework.stream = undefined
}

/** Gives a task's resources back, once. */
export function releaseTask(master: MasterState, task: MasterTask): void {
  if (task.isReleased) return
  task.isReleased = true
  master.allocator.recover(task.allocation)
}

/** The executor of a framework on an agent, if the master knows it. */
export function findExecutor(
  framework: Framework,
  agentId: string,
  executorId: string,
): MasterExecutor | undefined {
  return framework.executors.get(agentId)?.get(executorId)
}
