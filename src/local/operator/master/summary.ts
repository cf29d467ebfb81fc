/** `/state-summary`: agents and frameworks with counts of their tasks. */
import { groupBy } from '../../../group-by.ts'
import type { Task, TaskState } from '../../../mesos/types.generated.ts'
import type { Master } from '../../master/master.ts'
import { offersByHolder } from '../../master/model/holdings.ts'
import type { Framework } from '../../master/state/master-state.ts'
import { toTask } from '../../master/state/records.ts'
import { agentWriter, summariseFramework } from './state-json.ts'

type Json = Record<string, unknown>

const summarisedStates: readonly TaskState[] = [
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_FINISHED',
  'TASK_KILLED',
  'TASK_FAILED',
  'TASK_LOST',
  'TASK_ERROR',
  'TASK_UNREACHABLE',
]

export function describeSummary({ info, state }: Master): Json {
  const describe = agentWriter(state)
  const { ofFramework } = offersByHolder(state)
  const frameworks = [...state.frameworks.values()].map((framework) => ({
    framework,
    tasks: allTasks(framework),
  }))
  const tasks = frameworks.flatMap((each) => each.tasks)
  const ofAgent = groupBy(tasks, ({ agentId }) => agentId.value)
  return {
    hostname: info.hostname,
    slaves: [...state.agents.values()].map((agent) => {
      const own = ofAgent.get(agent.id) ?? []
      const ids = new Set(own.map(({ frameworkId }) => frameworkId.value))
      return { ...describe(agent), ...countStates(own), framework_ids: [...ids] }
    }),
    frameworks: frameworks.map(({ framework, tasks: own }) => ({
      ...summariseFramework(framework, ofFramework.get(framework.id)),
      ...countStates(own),
      slave_ids: [...new Set(own.map(({ agentId }) => agentId.value))],
    })),
  }
}

function countStates(tasks: readonly Task[]): Json {
  return Object.fromEntries(
    summarisedStates.map((state) => [state, tasks.filter((each) => each.state === state).length]),
  )
}

/** The living tasks, then the completed ones. */
export function allTasks(framework: Framework): Task[] {
  const tasks = [...framework.tasks.values()].map((task) => toTask(framework, task))
  return [...tasks, ...framework.completedTasks]
}
