import type { AnyStateMachine } from 'xstate'
import type { Charts } from './charts.ts'
import type { Chart } from '../protocol/chart.ts'

/** Draws a machine with some states collapsed. */
export async function drawChart(
  charts: Charts,
  machine: AnyStateMachine,
  collapsed: readonly string[],
): Promise<Chart> {
  const drawn = await charts.chart(charts.addMachine(machine), collapsed)
  if (drawn === undefined) throw new Error('a chart that was added is missing')
  return drawn
}
