/** From the facts of the scheduler machine to those of a framework. */
import { defined } from '../../defined.ts'
import { parseTaskReport } from '../../domain/tasks/task-report.ts'
import type { TaskReport } from '../../domain/tasks/task-report.ts'
import { JarcastError } from '../../errors.ts'
import type { ErrorCode } from '../../errors.ts'
import type { Payloads } from '../../journal/files/payloads.ts'
import type { SchedulerFact } from '../../machines/scheduler/events.ts'
import type { TaskFact as SchedulerTaskFact } from '../../machines/scheduler/tasks/task-fact.ts'
import type { Intake } from '../intake/intake.ts'
import type { FrameworkFact, TaskEnded, TaskUpdated } from './events.ts'
import { operationEnded, operationRejected, operationUpdated } from './operation-facts.ts'
import { createRejectedPrograms } from './rejected-programs.ts'
import type { RejectedPrograms } from './rejected-programs.ts'
import { taskErrorOf } from './task-error.ts'

export interface PublicFactOptions {
  /** Returns the whole status where the entry behind a fact holds a part. Default: the part. */
  readonly wholes?: Pick<Intake, 'wholeOf' | 'forget'> | undefined
  /** Large results, stored beside the journal. */
  readonly payloads?: Pick<Payloads, 'get'> | undefined
}

/** Returns the public form of a fact, with the time of its entry. Call it in the order of facts. */
export type ToPublicFact = (fact: SchedulerFact, at: number) => FrameworkFact

export function createPublicFacts({ wholes, payloads }: PublicFactOptions = {}): ToPublicFact {
  const rejected = createRejectedPrograms()

  /** The fact with the whole status from Mesos, not only the part in the entry. */
  function wholeOf<Fact extends SchedulerFact>(fact: Fact): Fact {
    if (!('status' in fact) || typeof fact.status !== 'object') return fact
    const status = wholes?.wholeOf(fact.status) ?? fact.status
    wholes?.forget(fact.status)
    if (status !== fact.status) return { ...fact, status }
    const sha256 = 'dataSha256' in fact ? fact.dataSha256 : undefined
    const data = sha256 === undefined ? undefined : payloads?.get(sha256)?.toString('base64')
    return data === undefined ? fact : { ...fact, status: { ...status, data } }
  }

  return (fact, at) => {
    rejected.note(fact)
    return publicFactOf(wholeOf(fact), at, rejected)
  }
}

function publicFactOf(fact: SchedulerFact, at: number, rejected: RejectedPrograms): FrameworkFact {
  switch (fact.type) {
    case 'framework.failed':
    case 'framework.updateFailed':
    case 'libraries.rejected':
      return { type: fact.type, at, error: errorOf(fact) }
    case 'task.updated':
      return { type: fact.type, ...updated(fact, at) }
    case 'task.retried':
      return { type: fact.type, ...updated(fact, at) }
    case 'task.ended':
      return { type: fact.type, ...ended(fact, at, rejected) }
    case 'task.rejected':
      return { type: 'task.ended', ...taskRejected(fact, at) }
    case 'operation.updated':
    case 'operation.retried':
      return { type: fact.type, ...operationUpdated(fact, at) }
    case 'operation.ended':
      return { type: fact.type, ...operationEnded(fact, at) }
    case 'operation.rejected':
      return { type: 'operation.ended', ...operationRejected(fact, at) }
    case 'runtime.unavailable':
      return { type: fact.type, at, platform: fact.platform, error: errorOf(fact) }
    case 'executor.failed': {
      const { type, agentId, executorId, ...rest } = fact
      const ids = defined({ agentId: agentId?.value, executorId: executorId?.value })
      return { type, ...ids, ...rest, at }
    }
    default:
      return { ...fact, at }
  }
}

function errorOf({ code, message }: { readonly code: string; readonly message: string }) {
  return new JarcastError(code as ErrorCode, message)
}

/** Not `defined`: this is done per status update. */
function updated(fact: SchedulerTaskFact, at: number): TaskUpdated {
  const { taskId, attempt, status, hostname, message } = fact
  return {
    taskId,
    attempt,
    ...(hostname === undefined ? {} : { hostname }),
    ...(status === undefined ? {} : { state: status.state, status }),
    ...(message === undefined ? {} : { message }),
    at,
  }
}

function ended(fact: SchedulerTaskFact, at: number, rejected: RejectedPrograms): TaskEnded {
  if (fact.dataSha256 !== undefined && fact.status?.data === undefined)
    return { ...updated(fact, at), error: resultLost(fact) }
  const report = reportOf(fact)
  const error = taskErrorOf(fact, report, rejected.of(fact.status))
  return { ...updated(fact, at), ...defined({ report, error }) }
}

type Rejection = Extract<SchedulerFact, { readonly type: 'task.rejected' }>

function taskRejected({ taskId, code, message }: Rejection, at: number): TaskEnded {
  const error = new JarcastError(code as ErrorCode, `task ${taskId}: ${message}`, {
    details: { taskId },
  })
  return { taskId, attempt: 1, error, at }
}

function reportOf({ status }: SchedulerTaskFact): TaskReport | undefined {
  const data = status?.data
  return data === undefined ? undefined : parseTaskReport(Buffer.from(data, 'base64').toString())
}

/** The result is no longer beside the journal. */
function resultLost({ taskId, dataSha256 }: SchedulerTaskFact): JarcastError {
  const message =
    `task ${taskId} has ended, but its result is lost: the file payloads/${dataSha256} of the ` +
    `journal is missing or damaged; restore it from a copy, or run the task under another id`
  return new JarcastError('JOURNAL_CORRUPT', message, { details: { taskId } })
}
