/** Brings a machine to the state after the last entry of its journal. */
import type { AnyStateMachine, EventFromLogic } from 'xstate'
import { createCore } from '../core/core.ts'
import type { Core, CoreOptions } from '../core/core.ts'
import type { CoreState } from '../core/core-state.ts'
import { fingerprintOf } from '../core/state-hash.ts'
import { isEntry } from '../journal.ts'
import type { Journal } from '../journal.ts'

/** Starts from the newest snapshot that fits, else from the initial state; performs nothing. */
export function recoverCore<M extends AnyStateMachine>(
  machine: M,
  options: CoreOptions<M>,
  journal: Journal<EventFromLogic<M>>,
): Core<M> {
  const snapshot = journal.readSnapshot?.(fingerprintOf(machine))
  const state = snapshot?.state as CoreState | undefined
  const core = createCore(machine, { ...options, state })
  core.start()
  for (const record of journal.read((snapshot?.seq ?? 0) + 1))
    if (isEntry(record)) core.apply(record)
  return core
}
