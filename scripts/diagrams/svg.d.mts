import type { Chart } from './chart.mjs'

export function drawChart(chart: Chart, title: string): Promise<string>
