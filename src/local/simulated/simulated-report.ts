/** What a simulated agent tells a master that it registers with again. */
import type { AgentReport } from '../network/links.ts'
import type { SimulatedWork } from './simulated-work.ts'

/** `work` is undefined for an agent that never had any. */
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
