/**
 * The executor that an agent makes for a command task.
 * Source: apache/mesos src/slave/slave.cpp (getExecutorInfo).
 */
import { defined } from '../../defined.ts'
import type {
  CommandInfo,
  ExecutorInfo,
  FrameworkInfo,
  Resource,
  TaskInfo,
} from '../../mesos/types.generated.ts'

const longestShownCommand = 15
const overhead: readonly Resource[] = [
  { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
  { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
]

/**
 * The executor of a command task, named as by Mesos. Its small overhead is not part of the offer.
 */
export function commandExecutorInfo(framework: FrameworkInfo, task: TaskInfo): ExecutorInfo {
  return {
    executorId: task.taskId,
    name: `Command Executor (Task: ${task.taskId.value}) (Command: ${shorten(task.command ?? {})})`,
    source: task.taskId.value,
    ...defined({ frameworkId: framework.id }),
    // Mesos has its own program here. This executor runs inside the agent's process.
    command: { shell: false, value: 'mesos-executor', arguments: ['mesos-executor'] },
    resources: withRole(overhead, task.resources?.[0]?.allocationInfo),
  }
}

function withRole(
  resources: readonly Resource[],
  allocationInfo: Resource['allocationInfo'],
): Resource[] {
  return resources.map((each) => ({
    ...each,
    ...defined({ allocationInfo }),
  }))
}

/** Shortens a command as Mesos does in names. */
function shorten({ arguments: args = [], shell = true, value }: CommandInfo): string {
  if (value === undefined) return shell ? 'NO COMMAND' : 'NO EXECUTABLE'
  const text = shell ? value : [value, ...args].join(', ')
  const isLong = text.length > longestShownCommand
  const shown = isLong ? `${text.slice(0, longestShownCommand - 3)}...` : text
  return shell ? `sh -c '${shown}'` : `[${shown}]`
}
