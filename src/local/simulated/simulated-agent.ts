/**
 * An agent without a machine, for tests of scale: no address, no processes. Its tasks start at
 * once, run for a while and end. Frameworks see the same updates, acknowledgements, retries, kills
 * and exits of executors as from a real agent.
 */
import { isTerminal } from '../../mesos/states.ts'
import type {
  AgentInfo,
  Base64,
  DrainConfig,
  ExecutorInfo,
  FrameworkInfo,
  Resource,
  TaskGroupInfo,
  TaskInfo,
  TaskState,
  TaskStatus,
  URL,
} from '../../mesos/types.generated.ts'
import { withDrainReason } from '../agent/drain.ts'
import type { AgentLink, AppliedOperation, LeadingMaster, MasterLink } from '../network/links.ts'
import { startTimer } from '../time/timers.ts'
import { reportSimulated } from './simulated-report.ts'
import { newSimulatedTask, outcomeOf, statusOf } from './simulated-task.ts'
import type { SimulatedTask } from './simulated-task.ts'
import { keyOf, newSimulatedWork } from './simulated-work.ts'
import type { SimulatedExecutor, SimulatedWork } from './simulated-work.ts'

export interface SimulatedAgentOptions {
  readonly master: MasterLink
  /** Duration of tasks without label `simulated-ms`. */
  readonly taskMs: number
  readonly updateRetryMs: number
}

// A class: it has timers to close, and ten thousand objects share its methods.
export class SimulatedAgent implements AgentLink {
  readonly info: AgentInfo
  readonly url: URL
  readonly #id: string
  readonly #options: SimulatedAgentOptions
  #work: SimulatedWork | undefined
  #drain: DrainConfig | undefined

  constructor(info: AgentInfo, url: URL, options: SimulatedAgentOptions) {
    this.info = info
    this.url = url
    this.#id = info.id?.value ?? ''
    this.#options = options
  }

  runTask(framework: FrameworkInfo, task: TaskInfo): void {
    const executor = task.executor
    const kind = executor === undefined ? 'command' : 'custom'
    const executorId = executor?.executorId.value ?? task.taskId.value
    const group: SimulatedTask[] = []
    group.push(this.#add(framework, task, executorId, group))
    this.#start({ kind, info: executor }, group)
  }

  runTaskGroup(
    framework: FrameworkInfo,
    executor: ExecutorInfo,
    { tasks = [] }: TaskGroupInfo,
  ): void {
    const group: SimulatedTask[] = []
    for (const task of tasks) {
      group.push(this.#add(framework, task, executor.executorId.value, group))
    }
    const kind = executor.type === 'CUSTOM' ? 'custom' : 'default'
    this.#start({ kind, info: executor }, group)
  }

  killTask(frameworkId: string, taskId: string): void {
    const task = this.#work?.tasks.get(keyOf(frameworkId, taskId))
    if (task !== undefined) this.#kill(task)
  }

  drain(config: DrainConfig): void {
    this.#drain = config
    for (const task of this.#work?.tasks.values() ?? []) this.#kill(task)
    this.#drain = undefined
  }

  shutdownExecutor(frameworkId: string, executorId: string): void {
    const executor = this.#work?.executors.get(keyOf(frameworkId, executorId))
    if (executor === undefined) return
    if (executor.kind !== 'custom') {
      for (const task of executor.tasks) this.#kill(task)
      return
    }
    this.#exit(frameworkId, executorId)
    for (const task of executor.tasks) {
      this.#end(task, 'TASK_FAILED', {
        source: 'SOURCE_AGENT',
        reason: 'REASON_EXECUTOR_TERMINATED',
        message: 'Executor terminated',
      })
    }
  }

  shutdownFramework(frameworkId: string): void {
    const work = this.#work
    if (work === undefined) return
    work.updates.dropFramework(frameworkId)
    work.operations.dropFramework(frameworkId)
    for (const [key, task] of work.tasks) {
      if (task.frameworkId !== frameworkId) continue
      clearTimeout(task.timer)
      work.tasks.delete(key)
      work.executors.delete(keyOf(frameworkId, task.executorId))
    }
    for (const key of work.executors.keys()) {
      if (key.startsWith(`${frameworkId}/`)) work.executors.delete(key)
    }
  }

  /** No process reads it. */
  sendMessage(): void {}

  acknowledge(frameworkId: string, taskId: string, uuid: string): void {
    this.#work?.updates.acknowledge(frameworkId, taskId, uuid)
  }

  resendUpdates(frameworkId: string): void {
    this.#work?.updates.resend(frameworkId)
    this.#work?.operations.resend(frameworkId)
  }

  get total(): readonly Resource[] {
    return this.#work?.resources.total() ?? this.info.resources ?? []
  }

  applyOperation(frameworkId: string, applied: AppliedOperation): void {
    this.#workOf().operations.apply(frameworkId, applied)
  }

  acknowledgeOperation(operationUuid: Base64, statusUuid: Base64): void {
    this.#work?.operations.acknowledge(operationUuid, statusUuid)
  }

  ping(): void {
    this.#options.master.pong(this.#id)
  }

  /** A simulated agent loses no tasks. */
  reconcileTasks(): void {}

  shutDown(): void {
    this.close()
  }

  /** Registers with another leading master. */
  reregister(master: LeadingMaster): void {
    master.reregister(this, reportSimulated(this.#work))
    this.#work?.updates.resume()
    this.#work?.operations.resume()
  }

  close(): void {
    for (const task of this.#work?.tasks.values() ?? []) clearTimeout(task.timer)
    this.#work?.updates.close()
    this.#work?.operations.close()
    this.#work = undefined
  }

  #add(
    framework: FrameworkInfo,
    task: TaskInfo,
    executorId: string,
    group: readonly SimulatedTask[],
  ): SimulatedTask {
    const added = newSimulatedTask(framework, task, executorId, group)
    this.#workOf().tasks.set(keyOf(added.frameworkId, added.id), added)
    return added
  }

  #start(ofKind: Pick<SimulatedExecutor, 'kind' | 'info'>, tasks: readonly SimulatedTask[]): void {
    const { executors } = this.#workOf()
    for (const task of tasks) {
      const key = keyOf(task.frameworkId, task.executorId)
      const executor = executors.get(key) ?? { ...ofKind, tasks: new Set() }
      executors.set(key, executor)
      executor.tasks.add(task)
      this.#update(task, 'TASK_STARTING')
      this.#update(task, 'TASK_RUNNING')
      const { endState, waitMs } = outcomeOf(task.info, this.#options.taskMs)
      const message = `Command exited with status ${endState === 'TASK_FINISHED' ? 0 : 1}`
      task.timer = startTimer(() => this.#end(task, endState, { message }), waitMs)
    }
  }

  #kill(task: SimulatedTask): void {
    if (isTerminal(task.state)) return
    if (task.hasKillingState) this.#update(task, 'TASK_KILLING')
    this.#end(task, 'TASK_KILLED', { message: 'Command terminated with signal Terminated' })
  }

  #end(task: SimulatedTask, state: TaskState, fields: Partial<TaskStatus>): void {
    if (isTerminal(task.state)) return
    clearTimeout(task.timer)
    this.#update(task, state, fields)
    const { executors } = this.#workOf()
    const executor = executors.get(keyOf(task.frameworkId, task.executorId))
    executor?.tasks.delete(task)
    if (state !== 'TASK_FINISHED') for (const other of task.group) this.#kill(other)
    if (executor === undefined || executor.tasks.size > 0 || executor.kind === 'custom') return
    this.#exit(task.frameworkId, task.executorId)
  }

  /**
   * Reports an executor's exit, except of command tasks: the master does not know their executors.
   */
  #exit(frameworkId: string, executorId: string): void {
    const { executors } = this.#workOf()
    const key = keyOf(frameworkId, executorId)
    const executor = executors.get(key)
    if (executor === undefined) return
    executors.delete(key)
    if (executor.kind === 'command') return
    this.#options.master.reportExecutorExit(frameworkId, this.#id, executorId, 0)
  }

  #update(task: SimulatedTask, state: TaskState, fields: Partial<TaskStatus> = {}): void {
    const status = statusOf(task, this.#id, state, fields)
    const told = withDrainReason(this.#drain, task.framework, status)
    task.state = told.state
    task.latest = told
    this.#workOf().updates.add(task.frameworkId, told)
  }

  #workOf(): SimulatedWork {
    this.#work ??= newSimulatedWork(this.info, this.#options)
    return this.#work
  }
}
