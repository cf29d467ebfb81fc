import type { MachineChart } from '../../src/inspector/chart/machine-chart.ts'

export interface NamedChart {
  readonly name: string
  readonly summary: string
  readonly chart: MachineChart
}

export interface OverviewPart {
  readonly machine: string
  readonly text: string
}

export interface OverviewStep {
  readonly word: string
  readonly machine: string
  /** The machine of the rows of its table, which has the states. Default: the component itself. */
  readonly rows?: string
  readonly state?: string
  readonly states?: readonly string[]
  readonly fault: {
    readonly title: string
    readonly machine: string
    readonly event: string
    readonly goal?: string
    readonly remedy: string
  }
}

export interface OverviewStory {
  readonly title: string
  readonly life: OverviewPart & { readonly states: readonly string[] }
  readonly steps: readonly OverviewStep[]
  readonly others: readonly OverviewPart[]
}

export function drawOverview(machines: readonly NamedChart[], story: OverviewStory): string
