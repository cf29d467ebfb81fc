import type { Chart } from './chart.mjs'

export function foldAround(chart: Chart, open: readonly string[]): Chart
