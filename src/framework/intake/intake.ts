/**
 * Receives the events of a master for the gateway. Entries get what decisions need. The framework's
 * listeners get the rest beside them: messages of executors, and the whole status if its entry is
 * shortened. An update that leads to no decision is acknowledged without an entry. Each sender has
 * a rate limit.
 */
import { addHolder } from '../../machines/scheduler/delivery/library-holders.ts'
import { parseExecutorMessage } from '../../domain/tasks/executor-message.ts'
import { payloadDigest } from '../../journal/files/payloads.ts'
import type { Payloads } from '../../journal/files/payloads.ts'
import type { SchedulerInboxEvent } from '../../machines/scheduler/events.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import { isTerminal } from '../../mesos/states.ts'
import type {
  OperationStatus,
  SchedulerEvent,
  SchedulerEventMessage,
  TaskStatus,
} from '../../mesos/types.generated.ts'
import { createBuckets } from '../../server/relays/token-buckets.ts'
import { holdersOf, isCurrentAttempt, isWithoutEffect, librariesOf } from '../state/selectors.ts'
import { entryBounds, slimStatus, toInboxEvents } from './inbox.ts'
import type { ReadWindow } from './read-window.ts'
import { createLatest } from './sender-limits.ts'
import type { LimitReports, Sender } from './sender-limits.ts'

export interface IntakeOptions {
  readonly snapshot: () => SchedulerSnapshot
  readonly readWindow: Pick<ReadWindow, 'after' | 'readOn'>
  readonly dispatch: (event: SchedulerInboxEvent) => void
  /** Acknowledges an update that gets no entry. */
  readonly acknowledge: (status: AcknowledgeableStatus) => void
  /** Called with a message after all earlier events were applied. */
  readonly onMessage: (message: SchedulerEventMessage) => void
  readonly reports: Pick<LimitReports, 'add'>
  /** Stores results that are too large for an entry; absent without a journal. */
  readonly payloads?: Payloads | undefined
}

export type AcknowledgeableStatus = TaskStatus & Required<Pick<TaskStatus, 'uuid' | 'agentId'>>

type Status = TaskStatus | OperationStatus

export interface Intake {
  take(event: SchedulerEvent, master: string | undefined): void
  /** Takes an event that is not from Mesos, after the earlier ones. */
  pass(event: SchedulerInboxEvent): void
  /** For the connection: reading also pauses while a payload is written. */
  readonly readOn: ReadWindow['readOn']
  /** Makes entries of the last updates above the rate, at the end of a report period. */
  enterLate(): void
  /**
   * Returns the whole status behind the one in an entry; the same one if the entry has it whole.
   */
  wholeOf<S extends Status>(status: S): S
  /** Frees the whole status. */
  forget(status: Status): void
}

/** Per executor. Messages above are dropped: Mesos does not guarantee delivery of messages. */
const messageRate = { burst: 5000, perSecond: 1000 }
const messageBytes = { burst: 64 * 1024 * 1024, perSecond: 16 * 1024 * 1024 }
/**
 * Per known task, or per executor for unknown tasks. Updates above are acknowledged without an
 * entry; the last one becomes an entry at the end of the report period.
 */
const updateRate = { burst: 1000, perSecond: 10 }
/** Per task: an update above this rate gets an entry without texts and data. */
const updateBytes = { burst: 1024 * 1024, perSecond: 4096 }
/** Base64 characters; jarcast's executor sends no longer message. */
const maxOwnMessage = 64 * 1024
const maxHostname = 255

export function createIntake(options: IntakeOptions): Intake {
  const { snapshot, readWindow, dispatch, acknowledge, onMessage, reports, payloads } = options
  const wholes = new WeakMap<Status, Status>()
  const rates = {
    messages: createBuckets(messageRate),
    messageBytes: createBuckets(messageBytes),
    updates: createBuckets(updateRate),
    updateBytes: createBuckets(updateBytes),
  }
  /** Content of the last update of each task that became an entry. */
  const latest = createLatest<string>()
  /** Last update of each task above its rate; it becomes an entry when the period ends. */
  const late = createLatest<TaskStatus>()
  let writing: Promise<void> | undefined

  /** Runs at once, or after the current write: events keep their order. */
  function inTurn(work: () => Promise<void> | void): void {
    if (writing !== undefined) hold(writing.then(work))
    else {
      const written = work()
      if (written !== undefined) hold(written)
    }
  }

  function hold(work: Promise<void>): void {
    const done = work.finally(() => {
      if (writing === done) writing = undefined
    })
    writing = done
  }

  function takeMessage(message: SchedulerEventMessage): void {
    const { agentId, executorId, data } = message
    const sender = senderOf('messages', agentId.value, executorId.value)
    const key = JSON.stringify(sender)
    if (!rates.messages.take(key, 1) || !rates.messageBytes.take(key, data.length)) {
      reports.add(sender, data.length)
      return
    }
    readWindow.after(() => onMessage(message))
    if (data.length <= maxOwnMessage) keepHolder(agentId.value, data)
  }

  function keepHolder(agentId: string, data: string): void {
    const said = parseExecutorMessage(Buffer.from(data, 'base64').toString('utf8'))
    if (said?.type !== 'library.fetched' || agentId.length > entryBounds.id) return
    const { sha256, hostname } = said
    const name = hostname?.slice(0, maxHostname)
    const added = { sha256, agentId, ...(name === undefined ? {} : { hostname: name }) }
    const holders = holdersOf(snapshot())
    if (addHolder(holders, librariesOf(snapshot()), added) === holders) return
    dispatch({ type: 'holder.added', ...added })
  }

  function takeUpdate(status: TaskStatus): Promise<void> | void {
    const isBare = isAcknowledgeable(status) && isLimited(status)
    if (isBare === 'dropped' || isWithoutEffect(snapshot(), status)) return
    return enter(status, isBare)
  }

  function enter(status: TaskStatus, isBare: boolean): Promise<void> | void {
    latest.set(keyOf(status), saidBy(status))
    late.delete(keyOf(status))
    const slim = slimStatus(status, isBare)
    if (slim !== status) wholes.set(slim, status)
    const { data } = status
    const isResult = data !== undefined && slim.data === undefined && isTerminal(status.state)
    if (payloads === undefined || !isResult || !isCurrentAttempt(snapshot(), status.taskId.value)) {
      dispatch({ type: 'mesos.update', status: slim })
      return
    }
    const bytes = Buffer.from(data, 'base64')
    // Listeners get the result now. If the write failed, the entry still names the digest, so that
    // after a restart the result is missing, not undefined.
    return payloads
      .put(bytes)
      .catch(() => payloadDigest(bytes))
      .then((dataSha256) => dispatch({ type: 'mesos.update', status: slim, dataSha256 }))
  }

  /** How an update is handled: false, whole; true, without texts and data; `dropped`, no entry. */
  function isLimited(status: AcknowledgeableStatus): boolean | 'dropped' {
    const { agentId, executorId, taskId, state, message = '', data = '' } = status
    if (status.reason === 'REASON_RECONCILIATION') return false
    const isKnown = isCurrentAttempt(snapshot(), taskId.value)
    const sender = isKnown
      ? { what: 'updates' as const, taskId: taskId.value }
      : senderOf('updates', agentId.value, executorId?.value)
    const key = JSON.stringify(sender)
    const bytes = message.length + data.length
    const said = saidBy(status)
    const isRepeated =
      isKnown && !isTerminal(state) && said !== '' && latest.get(keyOf(status)) === said
    if (isRepeated || isWithoutEffect(snapshot(), status)) {
      if (!isKnown && !rates.updates.take(key, 1)) reports.add(sender, bytes)
      // The entries already say this; a waiting update above the rate is out of date.
      late.delete(keyOf(status))
      acknowledge(status)
      return 'dropped'
    }
    if ((!isKnown || !isTerminal(state)) && !rates.updates.take(key, 1)) {
      reports.add(sender, bytes)
      if (isKnown) late.set(keyOf(status), status)
      acknowledge(status)
      return 'dropped'
    }
    return !isTerminal(state) && !rates.updateBytes.take(key, bytes)
  }

  function takeOther(event: SchedulerEvent, master: string | undefined): void {
    for (const entry of toInboxEvents(event, master)) {
      if (entry.type === 'mesos.operation' && event.type === 'UPDATE_OPERATION_STATUS') {
        const { status } = event.updateOperationStatus
        if (entry.status !== status) wholes.set(entry.status, status)
      }
      dispatch(entry)
    }
  }

  return {
    take(event, master) {
      inTurn(() => {
        if (event.type === 'UPDATE') return takeUpdate(event.update.status)
        if (event.type === 'MESSAGE') takeMessage(event.message)
        else takeOther(event, master)
      })
    },
    pass: (event) => inTurn(() => dispatch(event)),
    readOn(chunkBytes) {
      const room = readWindow.readOn(chunkBytes)
      return writing === undefined ? room : writing.then(() => room)
    },
    enterLate() {
      for (const { uuid: _acknowledged, ...status } of late.take())
        inTurn(() => {
          if (isCurrentAttempt(snapshot(), status.taskId.value)) return enter(status, true)
        })
    },
    wholeOf: (status) => (wholes.get(status) as typeof status | undefined) ?? status,
    forget: (status) => void wholes.delete(status),
  }
}

function keyOf({ taskId }: TaskStatus): string {
  return taskId.value.slice(0, entryBounds.id)
}

/** The parts that the machine uses. Checks that are too large to compare always count as news. */
function saidBy({ state, healthy, checkStatus }: TaskStatus): string {
  const said = JSON.stringify([state, healthy, checkStatus])
  return said.length <= entryBounds.check ? said : ''
}

function isAcknowledgeable(status: TaskStatus): status is AcknowledgeableStatus {
  return status.uuid !== undefined && status.agentId !== undefined
}

function senderOf(what: Sender['what'], agentId: string, executorId: string | undefined): Sender {
  return {
    what,
    agentId: agentId.slice(0, entryBounds.id),
    ...(executorId === undefined ? {} : { executorId: executorId.slice(0, entryBounds.id) }),
  }
}
