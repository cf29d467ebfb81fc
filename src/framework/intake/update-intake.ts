/** Status updates: an entry each, if they lead to decisions and their senders keep a rate. */
import { payloadDigest } from '../../journal/files/payloads.ts'
import { isTerminal } from '../../mesos/states.ts'
import type { TaskStatus } from '../../mesos/types.generated.ts'
import { createBuckets } from '../../server/relays/token-buckets.ts'
import { isCurrentAttempt, isWithoutEffect } from '../state/selectors.ts'
import { entryBounds, slimStatus } from './inbox-events.ts'
import type { AcknowledgeableStatus, IntakeOptions } from './intake-options.ts'
import { createLatest, senderOf } from './sender-limits.ts'

/**
 * Per known task, or per executor for unknown tasks. Updates above are acknowledged without an
 * entry; the last one becomes an entry at the end of the report period.
 */
const rate = { burst: 1000, perSecond: 10 }
/** Per task: an update above this rate gets an entry without texts and data. */
const byteRate = { burst: 1024 * 1024, perSecond: 4096 }

export interface UpdateIntakeOptions extends Omit<IntakeOptions, 'readWindow' | 'onMessage'> {
  /** Called with the status in an entry, and the whole one. */
  readonly keepWhole: (part: TaskStatus, whole: TaskStatus) => void
}

export interface UpdateIntake {
  /** Resolves once a large result is stored; undefined if there is none. */
  take(status: TaskStatus): Promise<void> | void
  /** Returns a function per last update above the rate, which makes its entry. */
  takeLate(): readonly (() => Promise<void> | void)[]
}

export function createUpdateIntake(options: UpdateIntakeOptions): UpdateIntake {
  const { snapshot, dispatch, acknowledge, reports, keepWhole, payloads } = options
  const updates = createBuckets(rate)
  const bytes = createBuckets(byteRate)
  /** Content of the last update of each task that became an entry. */
  const latest = createLatest<string>()
  /** Last update of each task above its rate. */
  const late = createLatest<TaskStatus>()

  function enter(status: TaskStatus, isBare: boolean): Promise<void> | void {
    latest.set(keyOf(status), contentOf(status))
    late.delete(keyOf(status))
    const slim = slimStatus(status, isBare)
    keepWhole(slim, status)
    const { data } = status
    const isResult = data !== undefined && slim.data === undefined && isTerminal(status.state)
    if (payloads === undefined || !isResult || !isOfCurrentAttempt(status)) {
      dispatch({ type: 'mesos.update', status: slim })
      return
    }
    const result = Buffer.from(data, 'base64')
    // Listeners get the result now. If the write failed, the entry still names the digest, so that
    // after a restart the result is missing, not undefined.
    return payloads
      .put(result)
      .catch(() => payloadDigest(result))
      .then((dataSha256) => dispatch({ type: 'mesos.update', status: slim, dataSha256 }))
  }

  /** How an update is handled: false, whole; true, without texts and data; `dropped`, no entry. */
  function limit(status: AcknowledgeableStatus): boolean | 'dropped' {
    const { agentId, executorId, taskId, state, message = '', data = '' } = status
    if (status.reason === 'REASON_RECONCILIATION') return false
    const isKnown = isOfCurrentAttempt(status)
    const sender = isKnown
      ? { what: 'updates' as const, taskId: taskId.value }
      : senderOf('updates', agentId.value, executorId?.value)
    const key = JSON.stringify(sender)
    const size = message.length + data.length
    if ((isKnown && isRepeated(status)) || isWithoutEffect(snapshot(), status)) {
      if (!isKnown && !updates.take(key, 1)) reports.add(sender, size)
      // The entries have this content; a waiting update above the rate is out of date.
      late.delete(keyOf(status))
      acknowledge(status)
      return 'dropped'
    }
    if ((!isKnown || !isTerminal(state)) && !updates.take(key, 1)) {
      reports.add(sender, size)
      if (isKnown) late.set(keyOf(status), status)
      acknowledge(status)
      return 'dropped'
    }
    return !isTerminal(state) && !bytes.take(key, size)
  }

  function isRepeated(status: TaskStatus): boolean {
    const content = contentOf(status)
    return !isTerminal(status.state) && content !== '' && latest.get(keyOf(status)) === content
  }

  function isOfCurrentAttempt({ taskId }: TaskStatus): boolean {
    return isCurrentAttempt(snapshot(), taskId.value)
  }

  return {
    take(status) {
      const isBare = isAcknowledgeable(status) && limit(status)
      if (isBare === 'dropped' || isWithoutEffect(snapshot(), status)) return
      return enter(status, isBare)
    },
    takeLate: () =>
      late.take().map(({ uuid: _acknowledged, ...status }) => () => {
        if (isOfCurrentAttempt(status)) return enter(status, true)
      }),
  }
}

function keyOf({ taskId }: TaskStatus): string {
  return taskId.value.slice(0, entryBounds.id)
}

/** The fields that the machine uses. Checks that are too large to compare always count as news. */
function contentOf({ state, healthy, checkStatus }: TaskStatus): string {
  const content = JSON.stringify([state, healthy, checkStatus])
  return content.length <= entryBounds.check ? content : ''
}

function isAcknowledgeable(status: TaskStatus): status is AcknowledgeableStatus {
  return status.uuid !== undefined && status.agentId !== undefined
}
