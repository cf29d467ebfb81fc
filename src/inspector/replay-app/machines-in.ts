import type { AnyStateMachine } from 'xstate'

/** A machine and those that it can invoke or spawn by name, outer ones first. */
export function* machinesIn(machine: AnyStateMachine): Generator<AnyStateMachine> {
  yield machine
  for (const logic of Object.values(machine.implementations.actors)) {
    if ('config' in logic) yield* machinesIn(logic as AnyStateMachine)
  }
}
