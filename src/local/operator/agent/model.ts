/**
 * An agent's state as answers of the operator API.
 * Source: apache/mesos src/slave/http.cpp (getTasks, getExecutors, getFrameworks).
 */
import type {
  AgentResponseGetExecutors,
  AgentResponseGetFrameworks,
  AgentResponseGetState,
  AgentResponseGetTasks,
  Resource,
  Task,
} from '../../../mesos/types.generated.ts'
import type { AgentFramework, AgentState } from '../../agent/agent-state.ts'
import { toTask } from '../../agent/records.ts'
import type { ExecutorRun } from '../../executors/executor-run.ts'

export function getState(agent: AgentState): AgentResponseGetState {
  return {
    getTasks: getTasks(agent),
    getExecutors: getExecutors(agent),
    getFrameworks: getFrameworks(agent),
  }
}

export function getTasks(agent: AgentState): AgentResponseGetTasks {
  const runs = frameworksOf(agent).flatMap(({ completedRuns, runs: live }) => [
    ...live.values(),
    ...completedRuns,
  ])
  return {
    pendingTasks: [],
    queuedTasks: runs.flatMap((run) => tasksOf(run, run.queuedTasks)),
    launchedTasks: runs.flatMap((run) => tasksOf(run, run.launchedTasks)),
    terminatedTasks: runs.flatMap((run) => tasksOf(run, run.terminatedTasks)),
    completedTasks: runs.flatMap(({ completedTasks }) => completedTasks),
  }
}

/** The tasks of a run in one of its tables. */
export function tasksOf(
  run: ExecutorRun,
  held: ReadonlySet<string> | ReadonlyMap<string, unknown>,
): Task[] {
  return [...held.keys()].flatMap((taskId) => {
    const record = run.records.get(taskId)
    return record === undefined ? [] : [toTask(run, record)]
  })
}

export function getExecutors(agent: AgentState): AgentResponseGetExecutors {
  const frameworks = frameworksOf(agent)
  return {
    executors: frameworks.flatMap(({ runs }) =>
      [...runs.values()].map(({ info }) => ({ executorInfo: info })),
    ),
    completedExecutors: frameworks.flatMap(({ completedRuns }) =>
      completedRuns.map(({ info }) => ({ executorInfo: info })),
    ),
  }
}

export function getFrameworks(agent: AgentState): AgentResponseGetFrameworks {
  return {
    frameworks: [...agent.frameworks.values()].map(({ info }) => ({ frameworkInfo: info })),
    completedFrameworks: [...agent.completedFrameworks.values()].map(({ info }) => ({
      frameworkInfo: info,
    })),
  }
}

/** The resources of an executor and its tasks. */
export function heldBy({ info, launchedTasks, queuedTasks, state }: ExecutorRun): Resource[] {
  if (state === 'TERMINATED') return []
  const tasks = [...launchedTasks.values(), ...queuedTasks.values()]
  return [...(info.resources ?? []), ...tasks.flatMap(({ resources }) => resources ?? [])]
}

function frameworksOf({ completedFrameworks, frameworks }: AgentState): AgentFramework[] {
  return [...frameworks.values(), ...completedFrameworks.values()]
}
