/** Ends that the cluster caused: the task is launched again. */
import { agent, agentOrExecutor, master, masterOrAgent } from './task-end.ts'
import type { TaskEnd } from './task-end.ts'

const lost = ['TASK_LOST', 'TASK_DROPPED', 'TASK_GONE'] as const
const failed = ['TASK_FAILED', ...lost] as const

export const lossEnds: readonly TaskEnd[] = [
  // The task did not start.
  {
    states: failed,
    reason: 'REASON_CONTAINER_LAUNCH_FAILED',
    // jarcast's executor also gives this reason if libraries cannot be fetched.
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

  // Its executor, container or agent ended.
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

  // Killed without a request of the framework: requested kills never reach this table.
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
]
