import type { ChartTransition } from './chart.mjs'

export interface Span {
  readonly text: string
  readonly role: string
  readonly column?: number
}

export function internalTable(
  transitions: readonly ChartTransition[],
  maxChars: number,
): readonly (readonly (readonly Span[])[])[]
