/** The machines that a journal can be of, by the id in its header, and what became of their events over time. */
import type { AnyStateMachine, EventObject } from 'xstate'
import { executorMachine } from './executor/executor.ts'
import { schedulerMachine } from './scheduler/scheduler.ts'

export interface KnownMachine<M extends AnyStateMachine = AnyStateMachine> {
  readonly machine: M
  /** Counts up when a recorded event, or what the machine makes of one, means something else than before. */
  readonly version: string
  /** From the events of each earlier version to those of the next, oldest first. */
  readonly upcasters: readonly {
    readonly version: string
    readonly type: string
    readonly upcast: (event: EventObject) => EventObject
  }[]
}

export const schedulerHistory: KnownMachine<typeof schedulerMachine> = {
  machine: schedulerMachine,
  version: '1',
  upcasters: [],
}

const executorHistory: KnownMachine<typeof executorMachine> = {
  machine: executorMachine,
  version: '1',
  upcasters: [],
}

/** Undefined for a machine that is none of ours. */
export function findMachine(id: string): KnownMachine | undefined {
  return [schedulerHistory, executorHistory].find(({ machine }) => machine.id === id)
}
