/** The report of a simulated agent that registers again. */
import type { AgentReport } from '../network/links.ts'
import type { SimulatedWork } from './simulated-work.ts'

/** `work`: undefined for an agent that never had tasks. */
export function reportSimulated(work: SimulatedWork | undefined): AgentReport {
  if (work === undefined) return { frameworks: [], tasks: [], executors: [] }
  const tasks = [...work.tasks.values()]
  const frameworks = new Map(tasks.map(({ framework, frameworkId }) => [frameworkId, framework]))
  return {
    frameworks: [...frameworks.values()],
    executors: [...work.executors].flatMap(([key, { info }]) =>
      info === undefined ? [] : { frameworkId: key.slice(0, key.indexOf('/')), info },
    ),
    tasks: tasks.map(({ frameworkId, info, latest }) => ({
      frameworkId,
      info,
      executorId: info.executor?.executorId.value,
      latest,
      told: work.updates.inFlight(frameworkId, info.taskId.value) ?? latest,
    })),
  }
}
