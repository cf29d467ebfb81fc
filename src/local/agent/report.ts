/**
 * The report of an agent that registers again: its frameworks, tasks and executors.
 * Source: apache/mesos src/slave/slave.cpp (doReliableRegistration).
 */
import type { ExecutorRun, TaskRecord } from '../executors/executor-run.ts'
import type { AgentReport, ReportedExecutor, ReportedTask } from '../network/links.ts'
import type { AgentState } from './agent-state.ts'

export function reportAgent(state: AgentState): AgentReport {
  const frameworks = [...state.frameworks.values()]
  const runs = frameworks.flatMap((framework) => [...framework.runs.values()])
  return {
    frameworks: frameworks.map(({ id, info }) => ({ ...info, id: { value: id } })),
    tasks: runs.flatMap((run) =>
      [...run.records.values()].map((record) => reportTask(state, run, record)),
    ),
    executors: runs.filter(isShared).map(reportExecutor),
  }
}

function reportTask(state: AgentState, run: ExecutorRun, record: TaskRecord): ReportedTask {
  const { info, statuses } = record
  const latest = statuses.at(-1)
  return {
    frameworkId: run.frameworkId,
    info,
    executorId: run.kind === 'command' ? undefined : run.id,
    latest,
    told: state.updates.inFlight(run.frameworkId, info.taskId.value) ?? latest,
  }
}

function isShared({ kind, state }: ExecutorRun): boolean {
  return kind !== 'command' && state !== 'TERMINATED'
}

function reportExecutor({ frameworkId, info }: ExecutorRun): ReportedExecutor {
  return { frameworkId, info }
}
