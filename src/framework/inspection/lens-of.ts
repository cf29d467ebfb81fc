import type { AnyStateMachine } from 'xstate'
import type { Lens } from '../../inspector/protocol/lens.ts'
import { executorMachine } from '../../machines/executor/executor.ts'
import { schedulerMachine } from '../../machines/scheduler/scheduler.ts'
import { executorLens } from './executor-lens.ts'
import { schedulerLens } from './scheduler-lens.ts'

/** What the inspector is told of a machine; undefined for one that is not ours. */
export function lensOf(machine: AnyStateMachine): Lens | undefined {
  if (machine === schedulerMachine) return schedulerLens
  return machine === executorMachine ? executorLens : undefined
}
