/**
 * What the end of a task means: whose fault it is, and how people are told. One table for the scheduler, its messages
 * and the guide. Source: apache/mesos docs/task-state-reasons.md, src/slave/slave.cpp, src/master/master.cpp.
 */
import type {
  TaskState,
  TaskStatus,
  TaskStatusReason,
  TaskStatusSource,
} from '../../mesos/types.generated.ts'

/**
 * `task`: an attempt of its own, which its retry policy counts. `cluster`: a loss, launched elsewhere up to `maxLosses`
 * times. `moved`: the place is taken away on purpose, launched elsewhere however often.
 */
export type EndFault = 'none' | 'task' | 'cluster' | 'moved'

export interface TaskEnd {
  readonly states: readonly TaskState[]
  /** Absent: any reason that no other row of the state has. */
  readonly reason?: TaskStatusReason
  /** Who may give this reason. From anyone else, only the state counts. */
  readonly sources: readonly TaskStatusSource[]
  /** Only for a status with `healthy: false`. */
  readonly isUnhealthy?: true
  readonly fault: EndFault
  /** What happened to the task, as the end of a sentence that begins with its id. */
  readonly text: string
  /** The message from Mesos does not say this by itself. */
  readonly isUntold?: true
}

const master = ['SOURCE_MASTER'] as const
const agent = ['SOURCE_AGENT'] as const
const executor = ['SOURCE_EXECUTOR'] as const
const masterOrAgent = [...master, ...agent]
/** The agent writes its reason into the executor's update, or an executor passes on what the agent told it. */
const agentOrExecutor = [...agent, ...executor]
const anyone = [...masterOrAgent, ...executor]

const lost = ['TASK_LOST', 'TASK_DROPPED', 'TASK_GONE'] as const
const failed = ['TASK_FAILED', ...lost] as const

/** The first row that fits counts. */
export const taskEnds: readonly TaskEnd[] = [
  { states: ['TASK_FINISHED'], sources: anyone, fault: 'none', text: 'it finished' },

  // Taken away by the operators of the cluster.
  {
    states: ['TASK_KILLED', 'TASK_GONE_BY_OPERATOR', 'TASK_DROPPED', 'TASK_LOST'],
    reason: 'REASON_AGENT_DRAINING',
    sources: agentOrExecutor,
    fault: 'moved',
    text: 'its agent is being drained',
    isUntold: true,
  },
  {
    states: ['TASK_GONE_BY_OPERATOR', 'TASK_LOST'],
    reason: 'REASON_AGENT_REMOVED_BY_OPERATOR',
    sources: master,
    fault: 'moved',
    text: 'an operator marked its agent as gone',
  },
  {
    states: ['TASK_GONE', 'TASK_LOST'],
    reason: 'REASON_CONTAINER_PREEMPTED',
    sources: agent,
    fault: 'moved',
    text: 'its revocable resources were taken back',
    isUntold: true,
  },

  // The task's own.
  {
    states: ['TASK_KILLED'],
    isUnhealthy: true,
    sources: executor,
    fault: 'task',
    text: 'it was killed because its health check failed',
    isUntold: true,
  },
  {
    states: ['TASK_FAILED'],
    reason: 'REASON_MAX_COMPLETION_TIME_REACHED',
    sources: executor,
    fault: 'task',
    text: 'it took longer than its limit (maxCompletionMs, --max-completion) and was killed',
    isUntold: true,
  },
  {
    states: ['TASK_FAILED'],
    reason: 'REASON_CONTAINER_LIMITATION_MEMORY',
    sources: agentOrExecutor,
    fault: 'task',
    text: 'it used more memory than its limit (resources.memMb, --mem)',
    isUntold: true,
  },
  {
    states: ['TASK_FAILED'],
    reason: 'REASON_CONTAINER_LIMITATION_DISK',
    sources: agentOrExecutor,
    fault: 'task',
    text: 'it used more disk than its limit (resources.diskMb, --disk)',
    isUntold: true,
  },
  {
    states: ['TASK_FAILED'],
    reason: 'REASON_CONTAINER_LIMITATION',
    sources: agentOrExecutor,
    fault: 'task',
    text: 'its container exceeded a limit',
    isUntold: true,
  },
  {
    states: ['TASK_FAILED'],
    reason: 'REASON_COMMAND_EXECUTOR_FAILED',
    sources: agentOrExecutor,
    fault: 'task',
    text: 'it failed',
  },
  {
    states: ['TASK_ERROR'],
    reason: 'REASON_TASK_INVALID',
    sources: anyone,
    fault: 'task',
    text: 'Mesos refused it as invalid',
  },
  {
    states: ['TASK_ERROR'],
    reason: 'REASON_TASK_UNAUTHORIZED',
    sources: anyone,
    fault: 'task',
    text: 'Mesos does not permit it',
  },
  {
    states: ['TASK_ERROR'],
    reason: 'REASON_TASK_GROUP_INVALID',
    sources: master,
    fault: 'task',
    text: 'Mesos refused its group as invalid',
  },
  {
    states: ['TASK_ERROR'],
    reason: 'REASON_TASK_GROUP_UNAUTHORIZED',
    sources: masterOrAgent,
    fault: 'task',
    text: 'Mesos does not permit its group',
  },

  // It did not start.
  {
    states: failed,
    reason: 'REASON_CONTAINER_LAUNCH_FAILED',
    // Also given by jarcast's executor if libraries cannot be fetched.
    sources: agentOrExecutor,
    fault: 'cluster',
    text: 'its container could not be launched',
  },
  {
    states: failed,
    reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT',
    sources: agent,
    fault: 'cluster',
    text: 'its executor did not register with its agent in time',
  },
  {
    states: failed,
    reason: 'REASON_EXECUTOR_UNREGISTERED',
    sources: agent,
    fault: 'cluster',
    text: 'its executor never registered with its agent',
  },
  {
    states: ['TASK_DROPPED', 'TASK_LOST'],
    reason: 'REASON_INVALID_OFFERS',
    sources: masterOrAgent,
    fault: 'cluster',
    text: 'its offer was no longer valid',
  },
  {
    states: ['TASK_DROPPED', 'TASK_LOST'],
    reason: 'REASON_RESOURCES_UNKNOWN',
    sources: masterOrAgent,
    fault: 'cluster',
    text: 'its agent does not have its reserved resources or volumes',
  },
  {
    states: ['TASK_DROPPED', 'TASK_LOST'],
    reason: 'REASON_GC_ERROR',
    sources: agent,
    fault: 'cluster',
    text: 'its agent could not keep its folder from being removed',
  },
  {
    states: ['TASK_DROPPED', 'TASK_LOST'],
    reason: 'REASON_TASK_INVALID',
    sources: agent,
    fault: 'cluster',
    text: 'its agent still had an executor of the same id',
  },
  {
    states: ['TASK_DROPPED', 'TASK_LOST'],
    reason: 'REASON_MASTER_DISCONNECTED',
    sources: master,
    fault: 'cluster',
    text: 'the master was away when it was launched',
  },
  {
    states: ['TASK_DROPPED', 'TASK_LOST'],
    reason: 'REASON_INVALID_FRAMEWORKID',
    sources: masterOrAgent,
    fault: 'cluster',
    text: 'Mesos did not know its framework',
  },

  // What it ran in ended.
  {
    states: failed,
    reason: 'REASON_EXECUTOR_TERMINATED',
    sources: agent,
    fault: 'cluster',
    text: 'its executor ended',
  },
  {
    states: failed,
    reason: 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT',
    sources: agent,
    fault: 'cluster',
    text: 'its executor did not come back in time after a restart of its agent',
  },
  {
    states: failed,
    reason: 'REASON_CONTAINER_UPDATE_FAILED',
    sources: agent,
    fault: 'cluster',
    text: 'its agent could not change the resources of its container',
  },
  {
    states: ['TASK_FAILED'],
    reason: 'REASON_IO_SWITCHBOARD_EXITED',
    sources: agentOrExecutor,
    fault: 'cluster',
    text: "Mesos' server for its input and output ended",
  },
  {
    states: ['TASK_DROPPED', 'TASK_LOST'],
    reason: 'REASON_AGENT_DISCONNECTED',
    sources: master,
    fault: 'cluster',
    text: 'its agent was disconnected',
  },
  {
    states: lost,
    reason: 'REASON_AGENT_REMOVED',
    sources: master,
    fault: 'cluster',
    text: 'its agent was removed',
  },
  {
    states: lost,
    reason: 'REASON_AGENT_RESTARTED',
    sources: agent,
    fault: 'cluster',
    text: 'its agent restarted before it was started',
  },
  {
    states: lost,
    reason: 'REASON_AGENT_UNKNOWN',
    sources: master,
    fault: 'cluster',
    text: 'Mesos does not know its agent',
  },
  {
    states: lost,
    reason: 'REASON_TASK_UNKNOWN',
    sources: masterOrAgent,
    fault: 'cluster',
    text: 'Mesos does not know it',
  },

  // Killed, and nobody here asked: a kill that was asked for is over before this table is read.
  {
    states: ['TASK_KILLED'],
    reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
    sources: masterOrAgent,
    fault: 'cluster',
    text: 'it was killed before its executor had it',
  },
  {
    states: ['TASK_KILLED', 'TASK_LOST'],
    reason: 'REASON_FRAMEWORK_REMOVED',
    sources: master,
    fault: 'cluster',
    text: 'its framework was removed',
  },

  // Any other reason, and none.
  { states: ['TASK_KILLED'], sources: anyone, fault: 'cluster', text: 'it was killed' },
  { states: ['TASK_FAILED'], sources: anyone, fault: 'task', text: 'it failed' },
  { states: ['TASK_ERROR'], sources: anyone, fault: 'task', text: 'Mesos refused it' },
  { states: ['TASK_DROPPED'], sources: anyone, fault: 'cluster', text: 'it did not get to start' },
  { states: ['TASK_GONE'], sources: anyone, fault: 'cluster', text: 'its agent no longer has it' },
  {
    states: ['TASK_GONE_BY_OPERATOR'],
    sources: anyone,
    fault: 'moved',
    text: 'an operator marked its agent as gone',
  },
  { states: ['TASK_LOST'], sources: anyone, fault: 'cluster', text: 'it was lost' },
  {
    states: ['TASK_UNKNOWN'],
    sources: anyone,
    fault: 'cluster',
    text: 'Mesos does not know it any more',
  },
]

type EndStatus = Pick<TaskStatus, 'state' | 'reason' | 'source' | 'healthy'>

const rowsByState = new Map<TaskState, readonly TaskEnd[]>()
for (const end of taskEnds)
  for (const state of end.states) rowsByState.set(state, [...(rowsByState.get(state) ?? []), end])

/** The row for a status; undefined for a state that is no end. */
export function findTaskEnd(status: EndStatus): TaskEnd | undefined {
  const { state, reason, source, healthy } = status
  return rowsByState
    .get(state)
    ?.find(
      (end) =>
        (end.isUnhealthy === undefined || healthy === false) &&
        (end.reason === undefined || end.reason === reason) &&
        (source === undefined || end.sources.includes(source)),
    )
}

const speakers: Readonly<Record<TaskStatusSource, string>> = {
  SOURCE_MASTER: 'the master',
  SOURCE_AGENT: 'its agent',
  SOURCE_EXECUTOR: 'its executor',
}

/**
 * Why the task ended, from the message of its status if that says it, else from state, reason and source. Undefined for
 * a state that is no end.
 */
export function describeTaskEnd(status: TaskStatus): string | undefined {
  const end = findTaskEnd(status)
  if (end === undefined) return undefined
  const { reason, source, message } = status
  const said = message === undefined ? '' : withoutStatistics(message)
  if (said !== '') return end.isUntold === true && !isTold(said) ? `${end.text}: ${said}` : said
  const limit = describeLimitation(status)
  if (limit !== '') return `${end.text}: ${limit}`
  if (end.reason !== undefined || end.isUnhealthy === true || end.fault === 'none') return end.text
  const who = source === undefined ? 'Mesos' : speakers[source]
  return reason === undefined
    ? `${end.text}; ${who} gave no reason`
    : `${end.text}; ${who} gave ${reason}`
}

/** jarcast's executor gives the cause itself. */
function isTold(message: string): boolean {
  return /health check|^it was not over after/i.test(message)
}

/** Mesos appends pages of statistics to the limit and the use. */
function withoutStatistics(message: string): string {
  return message.split('MEMORY STATISTICS:', 1)[0]?.trim() ?? ''
}

/** The use of memory, or the limit of disk, as Mesos fills it in. */
function describeLimitation({ limitation }: TaskStatus): string {
  const { resources = [] } = limitation ?? {}
  return resources
    .flatMap(({ name, scalar }) => (scalar === undefined ? [] : `${name} ${scalar.value}`))
    .join(', ')
}
