/** The agent's end of an executor's connection, in this process: records calls and sends events. */
import { Subject } from 'rxjs'
import type { AgentConnection } from '../../../src/executor/agent/link.ts'
import type { JarcastError } from '../../../src/errors.ts'
import type { LibrarySetReference } from '../../../src/domain/tasks/task-payload.ts'
import type { TaskReport } from '../../../src/domain/tasks/task-report.ts'
import type { TaskWork } from '../../../src/domain/tasks/task-work.ts'
import type {
  ExecutorCall,
  ExecutorEvent,
  TaskInfo,
  TaskStatus,
} from '../../../src/mesos/types.generated.ts'
import { within } from '../../support/until.ts'

export interface AgentEnd {
  readonly connection: AgentConnection
  readonly calls: readonly ExecutorCall[]
  /** All statuses of a task, in order. */
  statuses(taskId: string): readonly TaskStatus[]
  tell(event: ExecutorEvent): void
  launch(taskId: string, work: TaskWork, more?: LaunchOptions): void
  /** One LAUNCH_GROUP with these tasks. */
  launchGroup(works: Readonly<Record<string, TaskWork>>): void
  /** Resolves when `condition` holds after a call. */
  until<T>(condition: () => T | undefined): Promise<T>
  /** Resolves with the last status of a task. */
  last(taskId: string): Promise<TaskStatus>
  fail(error: JarcastError): void
  /** False: updates are not acknowledged. Default true. */
  acknowledges: boolean
}

export interface LaunchOptions {
  readonly librarySet?: LibrarySetReference
  readonly maxResultBytes?: number
  readonly graceMs?: number
  readonly environment?: Readonly<Record<string, string>>
  readonly info?: Partial<TaskInfo>
}

export function createAgentEnd(): AgentEnd {
  const calls: ExecutorCall[] = []
  const waiters = new Set<() => void>()
  let events = new Subject<ExecutorEvent>()

  function take(call: ExecutorCall): void {
    calls.push(call)
    if (call.type === 'UPDATE' && end.acknowledges) acknowledge(call.update.status)
    for (const check of waiters) check()
  }

  function acknowledge({ taskId, uuid }: TaskStatus): void {
    queueMicrotask(() =>
      end.tell({ type: 'ACKNOWLEDGED', acknowledged: { taskId, uuid: uuid ?? '' } }),
    )
  }

  const end: AgentEnd = {
    acknowledges: true,
    calls,
    connection: {
      subscribe(call) {
        take(call)
        events = new Subject()
        queueMicrotask(() => {
          end.tell({
            type: 'SUBSCRIBED',
            subscribed: {
              executorInfo: { executorId: call.executorId },
              frameworkInfo: { user: 'root', name: 'test' },
              agentInfo: { hostname: 'localhost' },
            },
          })
        })
        return events
      },
      send: (call) => Promise.resolve(take(call)),
      close: () => Promise.resolve(),
    },
    statuses: (taskId) =>
      calls.flatMap((call) =>
        call.type === 'UPDATE' && call.update.status.taskId.value === taskId
          ? [call.update.status]
          : [],
      ),
    tell: (event) => events.next(event),
    fail: (error) => events.error(error),
    launch: (taskId, work, options) =>
      end.tell({ type: 'LAUNCH', launch: { task: taskInfo(taskId, work, options) } }),
    launchGroup(works) {
      const tasks = Object.entries(works).map(([taskId, work]) => taskInfo(taskId, work))
      end.tell({ type: 'LAUNCH_GROUP', launchGroup: { taskGroup: { tasks } } })
    },
    until<T>(condition: () => T | undefined) {
      const holding = new Promise<T>((resolve) => {
        const check = (): void => {
          const value = condition()
          if (value === undefined) return
          waiters.delete(check)
          resolve(value)
        }
        waiters.add(check)
        check()
      })
      const seen = () => JSON.stringify(calls.slice(-20))
      return within(() => `${String(condition)}; the last calls are ${seen()}`, holding)
    },
    last: (taskId) =>
      end.until(() =>
        end.statuses(taskId).find(({ state }) => !/STARTING|RUNNING/.test(state ?? '')),
      ),
  }
  return end
}

function taskInfo(taskId: string, work: TaskWork, options: LaunchOptions = {}): TaskInfo {
  const { librarySet, maxResultBytes = 1000, graceMs, environment, info } = options
  const payload = { version: 1, work, maxResultBytes, librarySet, environment }
  return {
    name: taskId,
    taskId: { value: taskId },
    agentId: { value: 'agent' },
    data: Buffer.from(JSON.stringify(payload)).toString('base64'),
    ...(graceMs !== undefined && { killPolicy: { gracePeriod: { nanoseconds: graceMs * 1e6 } } }),
    ...info,
  }
}

/** The report inside a status. */
export function reportOf(status: TaskStatus): TaskReport {
  return JSON.parse(Buffer.from(status.data ?? '', 'base64').toString('utf8')) as TaskReport
}
