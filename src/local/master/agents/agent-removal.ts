/**
 * Removes agents that the master loses, and reports their tasks to frameworks.
 * Source: apache/mesos src/master/master.cpp (__removeSlave, removeFramework, sendSlaveLost,
 * markGone).
 */
import { defined } from '../../../defined.ts'
import { toOptionalId } from '../../../mesos/id-messages.ts'
import { isTerminal } from '../../../mesos/states.ts'
import type { TaskStatus, TimeInfo } from '../../../mesos/types.generated.ts'
import { hasCapability } from '../../messages/framework-info.ts'
import { rescindInverseOffers } from '../offers/inverse-offer-book.ts'
import { rescindAgentOffers } from '../offers/offer-book.ts'
import { loseOperations } from '../operations/operation-state.ts'
import { releaseTask } from '../state/master-state.ts'
import type { Framework, MasterAgent, MasterState, MasterTask } from '../state/master-state.ts'
import { masterStatus } from '../state/master-status.ts'
import { recordStatus, removeTask } from '../state/records.ts'

/** Why an agent is removed: it does not answer since `unreachableTime`, or it was marked gone. */
export interface AgentLoss {
  readonly message: string
  readonly unreachableTime: TimeInfo | undefined
}

type Loss = Pick<TaskStatus, 'state' | 'reason' | 'message'> & Pick<TaskStatus, 'unreachableTime'>

/** Removes an agent: sends updates of its tasks, rescinds offers, then sends FAILURE. */
export function removeAgent(master: MasterState, agent: MasterAgent, loss: AgentLoss): void {
  for (const framework of master.frameworks.values()) {
    for (const task of tasksOn(framework, agent.id)) {
      loseTask(master, framework, task, describeLoss(framework, loss))
    }
    dropExecutors(master, framework, agent.id)
  }
  rescindAgentOffers(master, agent.id)
  rescindInverseOffers(master, agent.id)
  master.allocator.removeAgent(agent.id)
  master.agents.delete(agent.id)
  loseOperations(master, agent.id, loss.unreachableTime !== undefined)
  clearTimeout(agent.reregistrationTimer)
  master.watch.agentRemoved(agent.id)
  tellAgentLost(master, agent.id)
}

export function tellAgentLost(master: MasterState, agentId: string): void {
  for (const { stream } of master.frameworks.values()) {
    stream?.send({ type: 'FAILURE', failure: { agentId: { value: agentId } } })
  }
}

/** Ends the tasks of frameworks that do not checkpoint: the agent's process ended. */
export function loseUncheckpointed(master: MasterState, agent: MasterAgent): void {
  const loss: Loss = {
    state: 'TASK_LOST',
    reason: 'REASON_AGENT_DISCONNECTED',
    message: `Agent ${agent.link.info.hostname} disconnected`,
  }
  for (const framework of master.frameworks.values()) {
    if (framework.info.checkpoint === true) continue
    for (const task of tasksOn(framework, agent.id)) loseTask(master, framework, task, loss)
    dropExecutors(master, framework, agent.id)
  }
}

/** Ends unreachable tasks: their agent is gone. */
export function loseUnreachable(master: MasterState, agentId: string, message: string): void {
  for (const framework of master.frameworks.values()) {
    for (const task of framework.unreachableTasks.values()) {
      if (task.agentId !== agentId) continue
      loseTask(
        master,
        framework,
        task,
        describeLoss(framework, { message, unreachableTime: undefined }),
      )
    }
  }
}

function tasksOn(framework: Framework, agentId: string): MasterTask[] {
  return [...framework.tasks.values()].filter((task) => task.agentId === agentId)
}

function describeLoss(framework: Framework, { message, unreachableTime }: AgentLoss): Loss {
  const since = defined({ unreachableTime })
  if (!hasCapability(framework.info, 'PARTITION_AWARE')) {
    return { state: 'TASK_LOST', reason: 'REASON_AGENT_REMOVED', message, ...since }
  }
  return unreachableTime === undefined
    ? { state: 'TASK_GONE_BY_OPERATOR', reason: 'REASON_AGENT_REMOVED_BY_OPERATOR', message }
    : { state: 'TASK_UNREACHABLE', reason: 'REASON_AGENT_REMOVED', message, ...since }
}

/**
 * A task with a known terminal state keeps it; its framework gets the same update as for others.
 */
function loseTask(master: MasterState, framework: Framework, task: MasterTask, loss: Loss): void {
  const status = masterStatus(task.info.taskId.value, task.agentId, {
    ...loss,
    ...defined({ executorId: toOptionalId(task.executorId) }),
  })
  if (!isTerminal(task.state)) task.state = loss.state
  recordStatus(master, framework, task, status)
  releaseTask(master, task)
  removeTask(framework, task)
  framework.stream?.send({ type: 'UPDATE', update: { status } })
}

function dropExecutors(master: MasterState, framework: Framework, agentId: string): void {
  for (const { allocation } of framework.executors.get(agentId)?.values() ?? []) {
    master.allocator.recover(allocation)
  }
  framework.executors.delete(agentId)
}
