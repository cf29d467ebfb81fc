/**
 * Takes the events of a master into the run. Entries have what decisions need; the framework's user
 * also gets messages of executors, and the whole status where its entry has a part. An update that
 * leads to no decision is acknowledged without an entry. Each sender has a rate limit.
 */
import type { SchedulerInboxEvent } from '../../machines/scheduler/events.ts'
import type { OperationStatus, SchedulerEvent, TaskStatus } from '../../mesos/types.generated.ts'
import { createTurns } from './turns.ts'
import { toInboxEvents } from './inbox-events.ts'
import type { IntakeOptions } from './intake-options.ts'
import { createMessageIntake } from './message-intake.ts'
import type { ReadWindow } from './read-window.ts'
import { createUpdateIntake } from './update-intake.ts'

type Status = TaskStatus | OperationStatus

export interface Intake {
  take(event: SchedulerEvent, master: string | undefined): void
  /** Takes an event that is not from Mesos, after the earlier ones. */
  pass(event: SchedulerInboxEvent): void
  /** For the connection: reading also pauses while a payload is written. */
  readonly readOn: ReadWindow['readOn']
  /** Makes entries of the last updates above the rate, at the end of a report period. */
  enterLate(): void
  /** Returns the whole status behind the one in an entry, or the same if the entry has it whole. */
  wholeOf<S extends Status>(status: S): S
  /** Frees the whole status. */
  forget(status: Status): void
}

export function createIntake(options: IntakeOptions): Intake {
  const { dispatch, readWindow } = options
  const wholes = new WeakMap<Status, Status>()
  const turns = createTurns()
  const keepWhole = (part: Status, whole: Status): void => {
    if (part !== whole) wholes.set(part, whole)
  }
  const updates = createUpdateIntake({ ...options, keepWhole })
  const takeMessage = createMessageIntake(options)

  function takeOther(event: SchedulerEvent, master: string | undefined): void {
    for (const entry of toInboxEvents(event, master)) {
      if (entry.type === 'mesos.operation' && event.type === 'UPDATE_OPERATION_STATUS')
        keepWhole(entry.status, event.updateOperationStatus.status)
      dispatch(entry)
    }
  }

  return {
    take(event, master) {
      turns.run(() => {
        if (event.type === 'UPDATE') return updates.take(event.update.status)
        if (event.type === 'MESSAGE') takeMessage(event.message)
        else takeOther(event, master)
      })
    },
    pass: (event) => turns.run(() => dispatch(event)),
    readOn(chunkBytes) {
      const room = readWindow.readOn(chunkBytes)
      return turns.pending === undefined ? room : turns.pending.then(() => room)
    },
    enterLate() {
      for (const enter of updates.takeLate()) turns.run(enter)
    },
    wholeOf: (status) => (wholes.get(status) as typeof status | undefined) ?? status,
    forget: (status) => void wholes.delete(status),
  }
}
