import type { Figure } from '../../test/bench/support/measure.ts'

export type Line = { readonly bench: string } & (
  | Figure
  | { readonly peer: string; readonly skipped: string }
  | { readonly about: string; readonly measured: Measured }
  | { readonly failed: string }
)

export interface Measured {
  readonly date: string
  readonly cpu: string
  readonly memoryGb: number
  readonly system: string
  readonly seconds: number
  readonly versions: Readonly<Record<string, string>>
}

export interface Group {
  readonly bench: string
  readonly figures: readonly Figure[]
}

export function sortOut(lines: readonly Line[]): {
  readonly complete: readonly Line[]
  readonly cut: readonly string[]
}
export function merge(kept: readonly Line[], fresh: readonly Line[]): Line[]
export function toText(lines: readonly Line[]): string
export function groupsOf(lines: readonly Line[]): Group[]
