import type { AnyStateMachine } from 'xstate'
import type { MachineChart } from '../../src/inspector/chart/machine-chart.ts'

export function chartWithActions(
  machine: AnyStateMachine,
  bindings: ReadonlyMap<string, { readonly name: string; readonly value: unknown }>,
): MachineChart
