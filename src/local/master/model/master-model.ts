/**
 * The master's state in answers of the operator API.
 * Source: apache/mesos src/master/readonly_handler.cpp.
 */
import type {
  MasterResponseGetExecutors,
  MasterResponseGetOperations,
  MasterResponseGetState,
  MasterResponseGetTasks,
} from '../../../mesos/types.generated.ts'
import type { MasterState } from '../state/master-state.ts'
import { toTask } from '../state/records.ts'
import { getAgents } from './agents.ts'
import { getFrameworks } from './frameworks.ts'
import { executorsOf } from './holdings.ts'

export function getState(master: MasterState): MasterResponseGetState {
  return {
    getTasks: getTasks(master),
    getExecutors: getExecutors(master),
    getFrameworks: getFrameworks(master),
    getAgents: getAgents(master),
  }
}

export function getTasks({ completedFrameworks, frameworks }: MasterState): MasterResponseGetTasks {
  const all = [...frameworks.values(), ...completedFrameworks]
  return {
    tasks: all.flatMap((each) => [...each.tasks.values()].map((task) => toTask(each, task))),
    unreachableTasks: all.flatMap((each) =>
      [...each.unreachableTasks.values()].map((task) => toTask(each, task)),
    ),
    completedTasks: all.flatMap(({ completedTasks }) => completedTasks),
  }
}

export function getOperations({ frameworks }: MasterState): MasterResponseGetOperations {
  return {
    operations: [...frameworks.values()].flatMap((framework) =>
      [...framework.operations.values()].map(({ agentId, info, latestStatus, statuses, uuid }) => ({
        frameworkId: { value: framework.id },
        agentId: { value: agentId },
        info,
        latestStatus,
        statuses: [...statuses],
        uuid: { value: uuid },
      })),
    ),
  }
}

export function getExecutors({ frameworks }: MasterState): MasterResponseGetExecutors {
  return {
    executors: [...frameworks.values()].flatMap((framework) =>
      executorsOf(framework).map(({ agentId, info }) => ({
        executorInfo: info,
        agentId: { value: agentId },
      })),
    ),
  }
}
