/** Events in words: a line each, for output that is no terminal, and above the progress bars. */
import { describeConflicts } from '../../domain/class-path/describe-conflicts.ts'
import type { ResourceRequest } from '../../domain/tasks/resource-request.ts'
import type { TaskConstraints } from '../../domain/tasks/task-constraints.ts'
import type { JarcastError } from '../../errors.ts'
import type { FrameworkEvents, TaskUpdated } from '../../framework/facts/events.ts'
import type { SenderLimited } from '../../framework/intake/sender-limits.ts'
import { describeStatus } from '../../framework/facts/task-error.ts'
import { isTerminal } from '../../mesos/states.ts'
import { count, formatBytes, formatSeconds, printable } from '../output/printable.ts'
import type { ReportedEvent } from './reported-event.ts'
import type { RunLog } from './run-log.ts'
import { describeWaitStatus } from './wait-status.ts'

type TasksWaiting = FrameworkEvents['task.waiting'][0]

export interface EventLine {
  /** `notice` is what the progress bars show too; `warning` is shown beside them. */
  readonly kind: 'notice' | 'warning'
  readonly text: string
}

/** Undefined for events that say nothing new to a person. `log` has recorded the event already. */
export function describeEvent(
  { event, payload }: ReportedEvent,
  log: Pick<RunLog, 'hostOf' | 'durationMsOf'>,
): EventLine | undefined {
  switch (event) {
    case 'library.staging': {
      if (payload.stagedBytes < payload.sizeBytes) return undefined
      return notice(`staged ${payload.name}, ${formatBytes(payload.sizeBytes)}`)
    }
    case 'package.fetching': {
      const { fetchedBytes, sizeBytes } = payload
      if (fetchedBytes !== sizeBytes) return undefined
      return notice(`fetched ${payload.package}, ${formatBytes(fetchedBytes)}`)
    }
    case 'package.warning':
      return warning(payload.message)
    case 'classPath.conflicts': {
      const [first, ...others] = describeConflicts(payload)
      if (first === undefined) return undefined
      const more = others.length === 0 ? '' : `; ${count(others.length, 'more conflict')}`
      return warning(`${first}${more} (jarcast classpath shows all)`)
    }
    case 'framework.registered': {
      const master = payload.master === undefined ? '' : ` with ${payload.master}`
      return notice(`registered${master} as framework ${payload.frameworkId}`)
    }
    case 'jarServer.started':
      return notice(`jar server started at ${payload.url}`)
    case 'task.launched':
      return notice(`task ${payload.taskId} launched on ${payload.hostname}`)
    case 'task.updated':
      return describeUpdate(payload)
    case 'task.retried':
      return warning(`task ${payload.taskId} ${why(payload)}; it is tried again`)
    case 'task.waiting':
      return warning(describeWaiting(payload))
    case 'task.ended': {
      const { taskId, error, state } = payload
      // Without a state it is Mesos' doing no more: what became of all such tasks is told once, at the end.
      if (error !== undefined) {
        return state === undefined ? undefined : warning(describeFailure(error))
      }
      const duration = log.durationMsOf(taskId)
      const time = duration === undefined ? '' : ` in ${formatSeconds(duration)} s`
      return notice(`task ${taskId} finished${time}`)
    }
    case 'task.unknown': {
      const what = payload.isKilled ? 'it is killed' : 'it is left alone'
      if (payload.isReplaced === true)
        return warning(`task ${payload.taskId} runs, though another attempt replaced it; ${what}`)
      return warning(`Mesos runs a task ${payload.taskId} that is not of this run; ${what}`)
    }
    case 'operation.ended':
      return payload.error === undefined
        ? notice(`operation ${payload.operationId} finished`)
        : warning(describeFailure(payload.error))
    case 'inverseOffer.received': {
      const { agentId, startsAt, answer } = payload
      const host = agentId === undefined ? 'an agent' : log.hostOf(agentId)
      const from = new Date(startsAt).toISOString()
      return warning(`${host} goes away for maintenance at ${from}: ${maintenanceAnswers[answer]}`)
    }
    case 'agent.failed':
      return warning(`the agent on ${log.hostOf(payload.agentId)} was lost`)
    case 'tasks.unreachable':
      return warning(describeUnreachable(payload))
    case 'framework.updateFailed':
      return warning(`the master refused the framework's change: ${payload.message}`)
    case 'executor.failed': {
      const host = payload.agentId === undefined ? 'an agent' : log.hostOf(payload.agentId)
      const how = describeWaitStatus(payload.status ?? -1) ?? 'ended'
      return warning(`an executor on ${host} ${how}`)
    }
    case 'library.fetched': {
      const { name, sizeBytes, receivedBytes = sizeBytes, source, durationMs, agentId } = payload
      const time = `in ${formatSeconds(durationMs)} s`
      const fetched =
        receivedBytes < sizeBytes ? `${formatBytes(receivedBytes)} of it fetched, ${time}` : time
      const from = source === 'peers' ? `${fetched}, from other executors` : fetched
      const how = source === 'cache' ? 'from its host cache' : from
      return notice(`${log.hostOf(agentId)} has ${name}, ${formatBytes(sizeBytes)}, ${how}`)
    }
    case 'library.corrupted': {
      const { name, agentId, actual } = payload
      const bytes = `bytes with digest ${actual.slice(0, 12)}…`
      return warning(`${log.hostOf(agentId)} got ${name} corrupted (${bytes}); it is fetched again`)
    }
    case 'event.rejected':
      return warning(payload.message)
    case 'call.failed':
      return warning(`call ${payload.call} failed: ${payload.message}`)
    case 'mesos.refused':
      return warning(`skipped ${payload.event} of the master: ${payload.message}`)
    case 'sender.limited':
      return warning(describeLimit(payload))
    default:
      return undefined
  }
}

function describeUpdate({ taskId, state, status, hostname }: TaskUpdated): EventLine | undefined {
  if (state === 'TASK_RUNNING') return notice(`task ${taskId} runs`)
  // An end that is no `task.ended` is the master's word for it.
  if (state !== undefined && isTerminal(state))
    return notice(`task ${taskId} is over, says the master; the update of its agent is awaited`)
  // Of those that become unreachable in front of our eyes, one line per agent is enough.
  if (state !== 'TASK_UNREACHABLE' || status?.reason !== 'REASON_RECONCILIATION') return undefined
  const host = hostname === undefined ? '' : ` on ${hostname}`
  return warning(`task ${taskId} waits for its agent${host}, which Mesos cannot reach`)
}

function describeUnreachable(event: FrameworkEvents['tasks.unreachable'][0]): string {
  const { agentId, hostname = agentId, count: waiting, taskIds, isUnlimited } = event
  const more = waiting > taskIds.length ? ` and ${waiting - taskIds.length} more` : ''
  const wait = waiting === 1 ? 'waits' : 'wait'
  const hint = isUnlimited
    ? '; set unreachableMs (--unreachable SECONDS) to have them launched elsewhere'
    : ''
  return `${count(waiting, 'task')} ${wait} for the agent on ${hostname}, which Mesos cannot reach: ${taskIds.join(', ')}${more}${hint}`
}

function describeLimit({ what, count, agentId, executorId, taskId }: SenderLimited): string {
  const executor = executorId === undefined ? 'executors' : `executor ${executorId}`
  const where = agentId === undefined ? '' : ` on agent ${agentId}`
  const who = taskId === undefined ? `${executor}${where}` : `task ${taskId}`
  const then = what === 'messages' ? 'were dropped' : 'were acknowledged and skipped'
  return `${who} exceeded its rate: ${count} ${what} ${then} in 10 s`
}

const maintenanceAnswers = {
  accepted: 'its tasks end with it',
  declined: 'this was declined',
  moved: 'its tasks are launched elsewhere',
  asked: 'an answer is awaited',
}

/** `2 of 3 tasks finished, 1 failed`. */
export function describeTasks(finished: number, failed: number, expected: number): string {
  const failures = failed === 0 ? '' : `, ${failed} failed`
  return `${finished} of ${count(expected, 'task')} finished${failures}`
}

/** The message says which task, in which state and why; the code only what it adds to that. */
export function describeFailure({ code, message }: JarcastError): string {
  return printable(code === 'TASK_FAILED' ? message : `${message} (${code})`)
}

/** Of tasks whose end Mesos did not tell: a line per reason, however many they are. */
export function describeUntold(errors: readonly JarcastError[]): readonly string[] {
  const byReason = new Map<string, JarcastError[]>()
  for (const error of errors) {
    const reason = `${reasonOf(error)} (${error.code})`
    byReason.set(reason, [...(byReason.get(reason) ?? []), error])
  }
  return [...byReason].map(([reason, [first, ...others]]) => {
    if (first !== undefined && others.length === 0) return describeFailure(first)
    return printable(`${others.length + 1} tasks alike: ${reason}`)
  })
}

/** True when the task ended only because the framework failed. */
export function isCausedBy(error: JarcastError, failure: JarcastError): boolean {
  return error.code === failure.code && reasonOf(error) === failure.message
}

/** What the message says beside the task's name. */
function reasonOf({ message, details }: JarcastError): string {
  const prefix = `task ${String(details['taskId'])}: `
  return message.startsWith(prefix) ? message.slice(prefix.length) : message
}

function describeWaiting(event: TasksWaiting): string {
  const { count: waiting, taskIds, need, executor = {}, constraints, role } = event
  const { nearest, obstacles } = event
  const where = constraints === undefined ? '' : describeConstraints(constraints)
  const of = role === undefined ? '' : ` of role ${role}`
  const offers = Object.entries(obstacles).map(([name, amount]) => {
    return `${amount} ${obstacleNames[name as keyof typeof obstacles]}`
  })
  const total = addUp(need, executor)
  const near = nearest === undefined ? '' : `; the nearest has ${describeResources(total, nearest)}`
  const failed = offers.length === 0 ? '' : `; offers: ${offers.join(', ')}`
  const what = `an offer${of} of at least ${describeResources(total, total, executor)}${where}`
  // Other tasks may need less, or other resources.
  const who =
    waiting === 1 ? '1 task waits for' : `${waiting} tasks wait; the first, ${taskIds[0]}, needs`
  return `${who} ${what}${failed}${near}`
}

const obstacleNames: Readonly<Record<keyof TasksWaiting['obstacles'], string>> = {
  maintenance: 'from agents about to go away',
  role: 'of another role',
  constraints: 'from agents that do not suit',
  limits: 'from agents that have as many of these tasks as they may',
  cpus: 'with too few cpus',
  memMb: 'with too little memory',
  diskMb: 'with too little disk',
  gpus: 'with too few gpus',
  ports: 'without these ports',
  volumes: 'without these volumes',
}

/** Sums the needs as Mesos does: three decimals. */
function addUp(need: ResourceRequest, executor: ResourceRequest): ResourceRequest {
  const total: Record<string, unknown> = { ...need }
  for (const [name, amount] of Object.entries(executor)) {
    if (typeof amount !== 'number') continue
    total[name] = Math.round((Number(total[name] ?? 0) + amount) * 1000) / 1000
  }
  return total
}

/** Formats the amounts that `named` lists; `executor` is the executor's part of them. */
function describeResources(
  named: ResourceRequest,
  amounts = named,
  executor: ResourceRequest = {},
): string {
  const names = Object.keys(named) as (keyof ResourceRequest)[]
  const { cpus, memMb, diskMb, gpus, ports }: ResourceRequest = Object.fromEntries(
    names.map((name) => [name, amounts[name] ?? 0]),
  )
  const share = (amount: number | undefined): string =>
    amount === undefined ? '' : ` (${amount} for its executor)`
  const parts = [
    cpus === undefined ? [] : count(cpus, 'cpu') + share(executor.cpus),
    memMb === undefined ? [] : `${memMb} MB of memory${share(executor.memMb)}`,
    diskMb === undefined ? [] : `${diskMb} MB of disk${share(executor.diskMb)}`,
    gpus === undefined ? [] : count(gpus, 'gpu') + share(executor.gpus),
    ports === undefined ? [] : describePorts(ports),
  ].flat()
  return parts.length === 0 ? 'nothing' : parts.join(', ')
}

/** ` where rack unique and hostname is h`. */
function describeConstraints({ hostname, attributes = {}, rules = [] }: TaskConstraints): string {
  const parts = [
    ...(hostname === undefined ? [] : [`hostname is ${hostname}`]),
    ...Object.entries(attributes).map(([name, text]) => `${name} is ${text}`),
    ...rules.map(({ field, operator, ...more }) =>
      [field, operator, ...Object.values(more).flat()].join(' '),
    ),
  ]
  return parts.length === 0 ? '' : ` where ${parts.join(' and ')}`
}

function describePorts(ports: number | readonly number[]): string {
  return typeof ports === 'number' ? count(ports, 'port') : `port ${ports.join(', ')}`
}

function why({ state, status, message }: TaskUpdated): string {
  return [state ?? 'was lost', describeStatus(status) ?? message]
    .filter((part) => part !== undefined)
    .join(': ')
}

function notice(text: string): EventLine {
  return { kind: 'notice', text: printable(text) }
}

function warning(text: string): EventLine {
  return { kind: 'warning', text: printable(text) }
}
