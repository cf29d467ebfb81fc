/** Converts between Mesos' messages and events of the executor machine. */
import { defined } from '../../defined.ts'
import { parseTaskPayload } from '../../domain/tasks/task-payload.ts'
import { JarcastError, messageOf } from '../../errors.ts'
import type {
  ExecutorMachineEvent,
  LaunchedTask,
  StampedUpdate,
} from '../../machines/executor/events.ts'
import type {
  ExecutorEvent,
  KillPolicy,
  TaskInfo,
  TaskStatus,
} from '../../mesos/types.generated.ts'

/** Time between SIGTERM and SIGKILL, as in Mesos' own executors. */
const defaultKillGraceMs = 3000

/** The machine's events for one event of the agent. Some events of the agent have none. */
export function toMachineEvents(event: ExecutorEvent): readonly ExecutorMachineEvent[] {
  switch (event.type) {
    case 'SUBSCRIBED':
      return [{ type: 'agent.subscribed' }]
    case 'LAUNCH':
      return [{ type: 'task.launched', task: toLaunchedTask(event.launch.task) }]
    case 'LAUNCH_GROUP':
      return toGroup(event.launchGroup.taskGroup.tasks ?? [])
    case 'KILL': {
      const graceMs = toGraceMs(event.kill.killPolicy)
      const taskId = event.kill.taskId.value
      return [{ type: 'kill.requested', taskId, ...defined({ graceMs }) }]
    }
    case 'ACKNOWLEDGED': {
      const { taskId, uuid } = event.acknowledged
      return [{ type: 'update.acknowledged', taskId: taskId.value, uuid }]
    }
    case 'SHUTDOWN':
      return [
        { type: 'shutdown.requested', message: 'the agent asked for shutdown', exitStatus: 0 },
      ]
    case 'ERROR':
      return [{ type: 'shutdown.requested', message: event.error.message, exitStatus: 1 }]
    case 'MESSAGE':
    case 'HEARTBEAT':
    case 'UNKNOWN':
      return []
  }
}

/** The `TaskStatus` of a stamped update. */
export function toTaskStatus(update: StampedUpdate, executorId: string): TaskStatus {
  const { taskId, state, uuid, timestampMs, reason, message, report } = update
  const { healthy, checkStatus } = update
  return {
    taskId: { value: taskId },
    executorId: { value: executorId },
    state,
    source: 'SOURCE_EXECUTOR',
    uuid,
    timestamp: timestampMs / 1000,
    ...defined({ reason, message, healthy, checkStatus }),
    ...(report && { data: toBase64(JSON.stringify(report)) }),
  }
}

/** UTF-8 text as Mesos' `bytes`. */
export function toBase64(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** Mesos gives groups no id. The first task of a group is in no other one, so its id serves. */
function toGroup(tasks: readonly TaskInfo[]): readonly ExecutorMachineEvent[] {
  const groupId = tasks[0]?.taskId.value ?? ''
  return tasks.map((task) => ({
    type: 'task.launched',
    task: { ...toLaunchedTask(task), groupId },
  }))
}

function toLaunchedTask(info: TaskInfo): LaunchedTask {
  const { healthCheck, check, maxCompletionTime } = info
  const maxCompletionMs = Number(maxCompletionTime?.nanoseconds ?? 0) / 1e6
  const limits = {
    ...defined({ healthCheck, check }),
    ...(maxCompletionMs > 0 && { maxCompletionMs }),
  }
  return {
    taskId: info.taskId.value,
    info,
    payload: readPayload(info),
    killGraceMs: toGraceMs(info.killPolicy) ?? defaultKillGraceMs,
    ...(Object.keys(limits).length > 0 && { limits }),
  }
}

function readPayload({ data }: TaskInfo): LaunchedTask['payload'] {
  try {
    return parseTaskPayload(Buffer.from(data ?? '', 'base64').toString('utf8'))
  } catch (error) {
    const code = error instanceof JarcastError ? error.code : 'TASK_INVALID'
    return { code, message: messageOf(error) }
  }
}

function toGraceMs(policy: KillPolicy | undefined): number | undefined {
  const nanoseconds = policy?.gracePeriod?.nanoseconds
  return nanoseconds === undefined ? undefined : Math.max(0, Number(nanoseconds) / 1e6)
}
