/** The master's state: frameworks with their tasks and executors, agents, outstanding offers. */
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
import { newTraffic } from './framework-traffic.ts'
import type { FrameworkTraffic } from './framework-traffic.ts'
import type { Registrar } from './registrar.ts'

export interface MasterTask {
  readonly info: TaskInfo
  readonly agentId: string
  /** Undefined for a command task: its executor is the agent's own. */
  readonly executorId: string | undefined
  readonly allocation: Allocation
  /** The newest state reported by the agent. */
  state: TaskState
  /** The last update sent to the framework. */
  lastUpdate: TaskStatus | undefined
  /** One per change of state, without data. */
  readonly statuses: TaskStatus[]
  isReleased: boolean
  /** A KILL was requested. */
  isKilled: boolean
}

export interface MasterExecutor {
  readonly info: ExecutorInfo
  readonly allocation: Allocation
}

/** An operation whose last update is not acknowledged. */
export interface MasterOperation extends Pick<AppliedOperation, 'uuid' | 'conversions'> {
  readonly agentId: string
  readonly info: AppliedOperation['operation']
  latestStatus: OperationStatus
  /** Updates sent to the framework. */
  readonly statuses: OperationStatus[]
}

export interface Framework {
  readonly id: string
  info: FrameworkInfo
  offerConstraints: SchedulerOfferConstraints | undefined
  stream: EventStream<SchedulerEvent> | undefined
  streamId: string
  /** Known from agents only: it has not subscribed with this master. */
  isRecovered: boolean
  /** Times in seconds since 1970. */
  readonly registeredAt: number
  reregisteredAt: number
  unregisteredAt: number | undefined
  readonly tasks: Map<string, MasterTask>
  /** Tasks of unreachable agents, which may register again. */
  readonly unreachableTasks: Map<string, MasterTask>
  /** The latest completed tasks. */
  readonly completedTasks: Task[]
  /** By agent id, then executor id. */
  readonly executors: Map<string, Map<string, MasterExecutor>>
  /** Operations with unacknowledged updates, by uuid. */
  readonly operations: Map<string, MasterOperation>
  readonly traffic: FrameworkTraffic
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
  /** False from the end of its connection until it registers again. */
  isConnected: boolean
  /** Pings since the last answer. */
  missedPings: number
  reregistrationTimer: NodeJS.Timeout | undefined
  /** Planned unavailability of its machine. */
  unavailability: Unavailability | undefined
  /** An operator deactivated it: nothing is offered there. */
  readonly isDeactivated: boolean
  readonly drainInfo: DrainInfo | undefined
  /** In seconds since 1970; undefined if it was never drained. */
  drainStartedAt: number | undefined
}

/** True if the agent's resources may be offered. */
export function isActive({ isConnected, isDeactivated }: MasterAgent): boolean {
  return isConnected && !isDeactivated
}

/** Called after each change. */
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
  /** The latest removed frameworks. */
  readonly completedFrameworks: Framework[]
  /** Ids of removed frameworks, more than `completedFrameworks` has. */
  readonly completedIds: Set<string>
  readonly watch: MasterWatch
  /** Number of tasks by terminal state. */
  readonly endedTasks: Map<TaskState, number>
  readonly agents: Map<string, MasterAgent>
  readonly registrar: Registrar
  /** Agents that an earlier master admitted and that have not registered with this one. */
  readonly recoveredAgents: Map<string, AgentInfo>
  readonly offers: Map<string, OutstandingOffer>
  readonly inverseOffers: Map<string, OutstandingInverseOffer>
  /** For the next ids. */
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
    traffic: newTraffic(),
    failoverTimer: undefined,
    heartbeatTimer: undefined,
  }
}

/** Offers and inverse offers share one sequence of ids. */
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

/** Recovers a task's resources, once. */
export function releaseTask(master: MasterState, task: MasterTask): void {
  if (task.isReleased) return
  task.isReleased = true
  master.allocator.recover(task.allocation)
}

/** The executor of a framework on an agent, if known. */
export function findExecutor(
  framework: Framework,
  agentId: string,
  executorId: string,
): MasterExecutor | undefined {
  return framework.executors.get(agentId)?.get(executorId)
}
