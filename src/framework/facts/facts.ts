/** From the facts of the scheduler machine to the events of a framework. */
import type { EventEmitter } from 'eventemitter3'
import { uncheckedExitStatus } from '../../domain/tasks/check-command.ts'
import type { FetchedFile } from '../../domain/tasks/check-command.ts'
import { parseExecutorMessage, parseTaskReport } from '../../domain/task-work.ts'
import type { TaskReport } from '../../domain/task-work.ts'
import { JarcastError } from '../../errors.ts'
import type { ErrorCode } from '../../errors.ts'
import type { SchedulerFact } from '../../machines/scheduler/events.ts'
import type { TaskFact } from '../../machines/scheduler/tasks/task-update.ts'
import type { SchedulerEventMessage, TaskStatus } from '../../mesos/types.generated.ts'
import type { Payloads } from '../../journal/files/payloads.ts'
import type { FrameworkEvents, TaskEnded, TaskUpdated } from './events.ts'
import type { Intake } from '../intake/intake.ts'
import { operationEndedOf, operationUpdatedOf } from './operation-events.ts'
import { taskErrorOf } from './task-error.ts'

export interface FactReporterOptions {
  /** Returns the whole status where the entry behind a fact holds a part. Default: the part. */
  readonly wholes?: Pick<Intake, 'wholeOf' | 'forget'> | undefined
  /** Large results, stored beside the journal. */
  readonly payloads?: Pick<Payloads, 'get'> | undefined
}

/**
 * Emits an event per fact. Listeners run once the entry behind the fact is done with, in order: one that throws is
 * an uncaught exception of its own and cannot end the scheduler half way through an entry.
 */
export function createFactReporter(
  emitter: EventEmitter<FrameworkEvents>,
  { wholes, payloads }: FactReporterOptions = {},
): (fact: SchedulerFact, at: number) => void {
  let toldAt = Number.NEGATIVE_INFINITY
  const rejected = createRejections()

  /** Every round of offers that is too small is a fact, and only now and then news. */
  function isDue(at: number): boolean {
    if (at - toldAt < waitingEveryMs) return false
    toldAt = at
    return true
  }

  /** The fact with the whole status from Mesos, not only the part in the entry. */
  function wholeOf(fact: SchedulerFact): SchedulerFact {
    if (!('status' in fact) || typeof fact.status !== 'object') return fact
    const status = wholes?.wholeOf(fact.status) ?? fact.status
    wholes?.forget(fact.status)
    if (status !== fact.status) return { ...fact, status } as SchedulerFact
    const sha256 = 'dataSha256' in fact ? fact.dataSha256 : undefined
    const data = sha256 === undefined ? undefined : payloads?.get(sha256)?.toString('base64')
    return data === undefined ? fact : ({ ...fact, status: { ...status, data } } as SchedulerFact)
  }

  return (told, at) => {
    queueMicrotask(() => {
      const fact = wholeOf(told)
      if (fact.type === 'executor.failed') rejected.note(fact)
      if (fact.type !== 'task.waiting' || isDue(at)) emitFact(emitter, fact, at, rejected)
    })
  }
}

const waitingEveryMs = 10_000

function emitFact(
  emitter: EventEmitter<FrameworkEvents>,
  fact: SchedulerFact,
  at: number,
  rejections: Rejections,
): void {
  switch (fact.type) {
    case 'framework.draining':
    case 'framework.stopped':
    case 'framework.updated':
      emitter.emit(fact.type)
      break
    case 'framework.failed':
    case 'framework.updateFailed':
    case 'libraries.rejected':
      emitter.emit(fact.type, new JarcastError(fact.code as ErrorCode, fact.message))
      break
    case 'framework.registered':
    case 'framework.disconnected':
    case 'jarServer.started':
    case 'libraries.changed':
    case 'libraries.released':
    case 'offers.received':
    case 'offers.rescinded':
    case 'inverseOffer.received':
    case 'inverseOffer.rescinded':
    case 'task.unknown':
    case 'agent.failed':
    case 'tasks.unreachable':
    case 'call.failed':
    case 'mesos.refused': {
      const { type, ...payload } = fact
      emitter.emit(type, payload as never)
      break
    }
    case 'task.launched':
      emitter.emit(fact.type, { ...fact, at })
      break
    case 'task.updated':
    case 'task.retried':
      emitter.emit(fact.type, updatedOf(fact, at))
      break
    case 'task.ended':
      emitter.emit(fact.type, endedOf(fact, at, rejections))
      break
    case 'task.rejected':
      emitter.emit('task.ended', rejectedOf(fact, at))
      break
    case 'operation.updated':
    case 'operation.retried':
      emitter.emit(fact.type, operationUpdatedOf(fact, at))
      break
    case 'operation.ended':
      emitter.emit(fact.type, operationEndedOf(fact, at))
      break
    case 'operation.rejected':
      emitter.emit('operation.ended', {
        ...operationEndedOf({ ...fact, type: 'operation.ended', agentId: '', attempt: 1 }, at),
      })
      break
    case 'task.waiting':
      emitter.emit(fact.type, { ...fact, at })
      break
    case 'executor.failed':
      emitter.emit(fact.type, {
        ...(fact.agentId === undefined ? {} : { agentId: fact.agentId.value }),
        ...(fact.executorId === undefined ? {} : { executorId: fact.executorId.value }),
        ...(fact.status === undefined ? {} : { status: fact.status }),
        ...(fact.rejected === undefined ? {} : { rejected: fact.rejected }),
      })
      break
  }
}

function updatedOf(fact: TaskFact, at: number): TaskUpdated {
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

function endedOf(fact: TaskFact, at: number, rejections: Rejections): TaskEnded {
  const report = reportOf(fact)
  if (fact.dataSha256 !== undefined && fact.status?.data === undefined)
    return { ...updatedOf(fact, at), error: resultLost(fact) }
  const error = taskErrorOf(fact, report, rejections.of(fact.status))
  return {
    ...updatedOf(fact, at),
    ...(report === undefined ? {} : { report }),
    ...(error === undefined ? {} : { error }),
  }
}

function rejectedOf({ taskId, code, message }: Rejection, at: number): TaskEnded {
  const error = new JarcastError(code as ErrorCode, `task ${taskId}: ${message}`, {
    details: { taskId },
  })
  return { taskId, attempt: 1, error, at }
}

interface Rejections {
  note(fact: Extract<SchedulerFact, { readonly type: 'executor.failed' }>): void
  /** The program that the executor of this task refused to run, or could not check. */
  of(status: TaskStatus | undefined): FetchedFile | 'unchecked' | undefined
}

/**
 * Mesos reports how an executor ended before it reports its tasks; for these it reports only that
 * the executor ended.
 */
function createRejections(): Rejections {
  const programs = new Map<string, FetchedFile | 'unchecked'>()
  return {
    note({ agentId, executorId, status, rejected }) {
      const key = `${agentId?.value} ${executorId?.value}`
      programs.delete(key)
      if (rejected !== undefined) programs.set(key, rejected)
      else if (status === uncheckedExitStatus << 8) programs.set(key, 'unchecked')
      for (const oldest of [...programs.keys()].slice(0, -maxRejections)) programs.delete(oldest)
    },
    of: (status) =>
      status?.reason === 'REASON_EXECUTOR_TERMINATED'
        ? programs.get(`${status.agentId?.value} ${status.executorId?.value}`)
        : undefined,
  }
}

const maxRejections = 100

type Rejection = Extract<SchedulerFact, { readonly type: 'task.rejected' }>

function reportOf({ status }: TaskFact): TaskReport | undefined {
  return status?.data === undefined ? undefined : parseTaskReport(decodeText(status.data))
}

/** The stored result is no longer beside the journal. */
function resultLost({ taskId, dataSha256 }: TaskFact): JarcastError {
  const message =
    `task ${taskId} is over, and its result is not to be had: payloads/${dataSha256} of the journal is gone or damaged; ` +
    `bring it back from a copy, or run the task under another id`
  return new JarcastError('JOURNAL_CORRUPT', message, { details: { taskId } })
}

/** Emits a message of jarcast's executor as its event, any other message as it is. */
export function emitExecutorMessage(
  emitter: EventEmitter<FrameworkEvents>,
  { agentId, executorId, data }: SchedulerEventMessage,
): void {
  const message = parseExecutorMessage(decodeText(data))
  if (message === undefined)
    emitter.emit('executor.message', {
      agentId: agentId.value,
      executorId: executorId.value,
      data,
    })
  else emitter.emit(message.type, { ...message, agentId: agentId.value } as never)
}

/** Text that Mesos carries as bytes. */
function decodeText(base64: string): string {
  return Buffer.from(base64, 'base64').toString()
}
