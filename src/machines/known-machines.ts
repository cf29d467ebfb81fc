/**
 * Machines that write journals, by the id in the header, with upcasters for their earlier events.
 */
import type { AnyStateMachine, EventObject } from 'xstate'
import type { EffectAnswers } from '../effects/answer.ts'
import { executorAnswers } from './answers/executor-answers.ts'
import { schedulerAnswers } from './answers/scheduler-answers.ts'
import { executorMachine } from './executor/executor.ts'
import { schedulerMachine } from './scheduler/scheduler.ts'

export interface KnownMachine<M extends AnyStateMachine = AnyStateMachine> {
  readonly machine: M
  /** Increased when the meaning of a recorded event changes. */
  readonly version: string
  /** Upcasters from the events of each version to those of the next, oldest first. */
  readonly upcasters: readonly {
    readonly version: string
    readonly type: string
    readonly upcast: (event: EventObject) => EventObject
  }[]
  /** The events that answer the effects of the machine and its children. */
  readonly answers?: EffectAnswers
}

export const schedulerHistory: KnownMachine<typeof schedulerMachine> = {
  machine: schedulerMachine,
  version: '1',
  upcasters: [],
  answers: schedulerAnswers,
}

const executorHistory: KnownMachine<typeof executorMachine> = {
  machine: executorMachine,
  version: '1',
  upcasters: [],
  answers: executorAnswers,
}

/** Undefined for a machine that is not in the list. */
export function findMachine(id: string): KnownMachine | undefined {
  return [schedulerHistory, executorHistory].find(({ machine }) => machine.id === id)
}
