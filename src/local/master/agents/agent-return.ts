/**
 * An agent registers with a master again: adds its tasks and executors to the master's, or compares
 * them.
 * Source: apache/mesos src/master/master.cpp (__reregisterSlave, ___reregisterSlave,
 * reconcileKnownSlave, recoverFramework).
 */
import { defined } from '../../../defined.ts'
import { toOptionalId } from '../../../mesos/id-messages.ts'
import { isTerminal } from '../../../mesos/states.ts'
import type { AgentReport, ReportedExecutor, ReportedTask } from '../../network/links.ts'
import { amountsOf } from '../../resources/resources.ts'
import type { Allocation } from '../allocation/agent-pools.ts'
import { newFramework } from '../state/master-state.ts'
import type { Framework, MasterAgent, MasterState, MasterTask } from '../state/master-state.ts'
import { masterStatus } from '../state/master-status.ts'
import { addTask } from '../state/records.ts'

/** Adds frameworks that run something on the agent and have not subscribed yet. */
export function recoverFrameworks(master: MasterState, { frameworks }: AgentReport): void {
  for (const info of frameworks) {
    const id = info.id?.value ?? ''
    if (master.completedIds.has(id) || master.frameworks.has(id)) continue
    const framework = newFramework(id, info)
    framework.isRecovered = true
    master.frameworks.set(id, framework)
    master.allocator.putFramework(id, info)
    master.allocator.deactivate(id)
    master.watch.frameworkAdded(framework)
  }
}

/**
 * `message` goes into an update of each task to connected frameworks. Undefined: no updates, since
 * this master never lost the agent.
 */
export function addReported(
  master: MasterState,
  agent: MasterAgent,
  report: AgentReport,
  message: string | undefined,
): void {
  for (const reported of report.tasks) {
    const framework = master.frameworks.get(reported.frameworkId)
    if (framework === undefined) continue
    framework.unreachableTasks.delete(reported.info.taskId.value)
    const task = toMasterTask(agent, reported)
    if (!task.isReleased) master.allocator.claim(task.allocation)
    addTask(master, framework, task)
    if (message !== undefined) tellReturn(framework, task, message)
  }
  for (const executor of report.executors) addExecutor(master, agent, executor)
}

/** Finds tasks and executors that the agent lost while the master kept it. */
export function compareReported(
  master: MasterState,
  agent: MasterAgent,
  report: AgentReport,
): void {
  const keys = new Set(
    report.tasks.map(({ frameworkId, info }) => `${frameworkId}/${info.taskId.value}`),
  )
  const executors = new Set(
    report.executors.map(({ frameworkId, info }) => `${frameworkId}/${info.executorId.value}`),
  )
  for (const framework of master.frameworks.values()) {
    const tasks = [...framework.tasks.values()].filter(({ agentId }) => agentId === agent.id)
    const missing = tasks.filter(({ info }) => !keys.has(`${framework.id}/${info.taskId.value}`))
    if (missing.length > 0) {
      const ids = missing.map(({ info }) => info.taskId.value)
      agent.link.reconcileTasks({ ...framework.info, id: { value: framework.id } }, ids)
    }
    dropMissingExecutors(master, framework, agent, executors)
    for (const task of tasks) killAgain(framework, agent, task)
  }
}

function dropMissingExecutors(
  master: MasterState,
  framework: Framework,
  agent: MasterAgent,
  reported: ReadonlySet<string>,
): void {
  const executors = framework.executors.get(agent.id)
  for (const [executorId, { allocation }] of executors ?? []) {
    if (reported.has(`${framework.id}/${executorId}`)) continue
    executors?.delete(executorId)
    master.allocator.recover(allocation)
  }
}

/** Sends a KILL that was requested while the agent was away. */
function killAgain(framework: Framework, agent: MasterAgent, task: MasterTask): void {
  if (!task.isKilled || isTerminal(task.state)) return
  agent.link.killTask(framework.id, task.info.taskId.value, undefined)
}

function toMasterTask(agent: MasterAgent, reported: ReportedTask): MasterTask {
  const { executorId, frameworkId, info, latest, told } = reported
  const state = latest?.state ?? 'TASK_STAGING'
  const role = info.resources?.[0]?.allocationInfo?.role ?? '*'
  return {
    info,
    agentId: agent.id,
    executorId,
    allocation: { frameworkId, role, agentId: agent.id, amounts: amountsOf(info.resources, role) },
    state,
    lastUpdate: told,
    statuses: told === undefined ? [] : [told],
    isReleased: isTerminal(state),
    isKilled: false,
  }
}

function tellReturn(framework: Framework, task: MasterTask, message: string): void {
  const { containerStatus, healthy } = task.lastUpdate ?? {}
  const status = masterStatus(task.info.taskId.value, task.agentId, {
    state: task.state,
    message,
    reason: 'REASON_AGENT_REREGISTERED',
    ...defined({ executorId: toOptionalId(task.executorId), containerStatus, healthy }),
  })
  framework.stream?.send({ type: 'UPDATE', update: { status } })
}

function addExecutor(
  master: MasterState,
  agent: MasterAgent,
  { frameworkId, info }: ReportedExecutor,
): void {
  const framework = master.frameworks.get(frameworkId)
  if (framework === undefined) return
  const role = info.resources?.[0]?.allocationInfo?.role ?? '*'
  const amounts = amountsOf(info.resources, role)
  const allocation: Allocation = { frameworkId, role, agentId: agent.id, amounts }
  master.allocator.claim(allocation)
  const executors = framework.executors.get(agent.id) ?? new Map()
  executors.set(info.executorId.value, { info, allocation })
  framework.executors.set(agent.id, executors)
}
