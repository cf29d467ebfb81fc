/** Ends that the task itself or the operators of the cluster caused. */
import { agent, agentOrExecutor, anyone, executor, master, masterOrAgent } from './task-end.ts'
import type { TaskEnd } from './task-end.ts'

export const ownEnds: readonly TaskEnd[] = [
  { states: ['TASK_FINISHED'], sources: anyone, fault: 'none', text: 'it finished' },

  // Caused by operators of the cluster.
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

  // Caused by the task.
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
]
