/** A journal as the stream of transitions that its run published. */
import { Observable, asyncScheduler } from 'rxjs'
import type { Subscriber, Subscription } from 'rxjs'
import type { AnyStateMachine, EventFromLogic } from 'xstate'
import { isEntry } from '../journal.ts'
import type { JournalRecord } from '../journal.ts'
import { openSource } from './journal-source.ts'
import type { JournalSource } from './journal-source.ts'
import { createPace } from './pace.ts'
import type { PaceOptions } from './pace.ts'
import { replay } from './replay.ts'
import type { ReplayOptions } from './replay.ts'
import type { ReplayStep } from './replay-step.ts'
import type { MachineHistory } from './replay-journal.ts'

export interface ReplayStreamOptions<M extends AnyStateMachine>
  extends PaceOptions, Pick<ReplayOptions<M>, 'inspect'> {
  readonly machine: M
  /** For events of earlier versions of the machine. Default: none. */
  readonly upcasters?: MachineHistory<M>['upcasters']
}

/** Longest delay of a timer; a longer wait has several. */
const longestWaitMs = 2 ** 31 - 1

/**
 * Replays a journal: each subscriber reads it anew, from its first entry. Nothing is performed.
 *
 * Next: what `transition$` of the run published, each with the comparison of recorded hashes; at
 * once and synchronously, or in recorded time divided by `speed`. Complete: after the last whole
 * entry. Error: JOURNAL_NOT_FOUND, JOURNAL_UNREADABLE, JOURNAL_CORRUPT, JOURNAL_UNSUPPORTED,
 * JOURNAL_COMPACTED, REPLAY_FAILED; CONFIG_INVALID for a journal of another machine, or a speed
 * that is not above 0. Unsubscribing stops the reading.
 */
export function replay$<M extends AnyStateMachine>(
  journal: JournalSource<M>,
  options: ReplayStreamOptions<M>,
): Observable<ReplayStep<M>> {
  return new Observable((subscriber) => {
    const { machine, upcasters = [], inspect } = options
    const { input, startedAt, records, from } = openSource(journal, { machine, upcasters })
    const ahead = { now: from?.state.now ?? startedAt }
    const left = createPace(ahead.now, options)
    const steps = replay(machine, input, startedAt, noteTime(records, ahead), { from, inspect })
    publish(steps[Symbol.iterator](), subscriber, () => left(ahead.now), options)
  })
}

/** Notes the time of each entry as it is read: a step has read the entry after its own. */
function* noteTime<M extends AnyStateMachine>(
  records: Iterable<JournalRecord<EventFromLogic<M>>>,
  ahead: { now: number },
): Generator<JournalRecord<EventFromLogic<M>>> {
  for (const record of records) {
    if (isEntry(record)) ahead.now = record.now
    yield record
  }
}

/** Applies and publishes each step after `leftMs`, the wait for its entry. */
function publish<Step>(
  steps: Iterator<Step>,
  subscriber: Subscriber<Step>,
  leftMs: () => number,
  { scheduler = asyncScheduler }: PaceOptions,
): void {
  let timer: Subscription | undefined
  let isReading = false

  function publishDue(): void {
    while (!subscriber.closed) {
      const waitMs = leftMs()
      if (waitMs > 0) {
        timer = scheduler.schedule(publishDue, Math.min(waitMs, longestWaitMs))
        return
      }
      publishNext()
    }
  }

  function publishNext(): void {
    const next = read()
    // An inspector may unsubscribe while the step is made.
    if (subscriber.closed) steps.return?.()
    else if (next?.done === true) subscriber.complete()
    else if (next !== undefined) subscriber.next(next.value)
  }

  function read(): IteratorResult<Step> | undefined {
    isReading = true
    try {
      return steps.next()
    } catch (error) {
      subscriber.error(error)
      return undefined
    } finally {
      isReading = false
    }
  }

  subscriber.add(() => {
    timer?.unsubscribe()
    if (!isReading) steps.return?.()
  })
  publishDue()
}
