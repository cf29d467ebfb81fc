/**
 * Calls of agents to the master: status updates, exits of executors, messages.
 * Source: apache/mesos src/master/master.cpp (statusUpdate, exitedExecutor, executorMessage).
 */
import { isTerminal } from '../../mesos/states.ts'
import type { TaskStatus } from '../../mesos/types.generated.ts'
import type { MasterLink } from '../network/links.ts'
import { updateOperation } from './operations/operation-state.ts'
import { releaseTask } from './state/master-state.ts'
import type { MasterState } from './state/master-state.ts'
import { recordStatus } from './state/records.ts'

export function callsFromAgents(state: MasterState): Omit<MasterLink, 'pong'> {
  return {
    updateStatus: (frameworkId, status, latest) => updateStatus(state, frameworkId, status, latest),
    updateOperation: (frameworkId, agentId, update) =>
      updateOperation(state, frameworkId, agentId, update),
    reportExecutorExit(frameworkId, agentId, executorId, waitStatus) {
      if (!state.agents.has(agentId)) return
      const framework = state.frameworks.get(frameworkId)
      const executor = framework?.executors.get(agentId)?.get(executorId)
      if (framework === undefined || executor === undefined) return
      framework.executors.get(agentId)?.delete(executorId)
      state.allocator.recover(executor.allocation)
      const ids = { agentId: { value: agentId }, executorId: { value: executorId } }
      framework.stream?.send({ type: 'FAILURE', failure: { ...ids, status: waitStatus } })
    },
    sendMessage(frameworkId, agentId, executorId, data) {
      const ids = { agentId: { value: agentId }, executorId: { value: executorId } }
      const { stream } = state.frameworks.get(frameworkId) ?? {}
      stream?.send({ type: 'MESSAGE', message: { ...ids, data } })
    },
  }
}

function updateStatus(
  state: MasterState,
  frameworkId: string,
  status: TaskStatus,
  latest: TaskStatus,
): void {
  // An unreachable agent must register again first.
  if (!state.agents.has(status.agentId?.value ?? '')) return
  const framework = state.frameworks.get(frameworkId)
  const task = framework?.tasks.get(status.taskId.value)
  if (framework !== undefined && task !== undefined) {
    task.state = latest.state
    task.lastUpdate = status
    recordStatus(state, framework, task, status)
    if (isTerminal(latest.state)) releaseTask(state, task)
  }
  framework?.stream?.send({ type: 'UPDATE', update: { status } })
}
