/** A machine made ready for cores: once for any number of them, since that takes milliseconds. */
import type { AnyStateMachine } from 'xstate'
import { restoringMoments } from './moment.ts'
import { withOutbox } from './outbox.ts'
import { withShortSteps } from './short-steps.ts'
import { withSingleDeferral } from './single-deferral.ts'
import type { OutcomeCollector } from './outcome.ts'

export interface PreparedMachine<M extends AnyStateMachine> {
  readonly logic: M
  /** Whose effects are collected: of the core that takes an entry. */
  collect: OutcomeCollector<M>['addEffect']
}

/** `isInspected`: XState tells of every step. */
export function prepareMachine<M extends AnyStateMachine>(
  machine: M,
  isInspected: boolean,
): PreparedMachine<M> {
  const prepared: PreparedMachine<M> = {
    logic: machine,
    collect: () => undefined,
  }
  const collecting = withOutbox(machine, (type, params, actorId) => {
    prepared.collect(type, params, actorId)
  })
  const stepping = withSingleDeferral(collecting)
  const logic = isInspected ? stepping : withShortSteps(stepping)
  return Object.assign(prepared, { logic: restoringMoments(logic) })
}
