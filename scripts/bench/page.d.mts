import type { Figure } from '../../test/bench/support/measure.ts'

export type Line = { readonly bench: string } & (
  | Figure
  | { readonly peer: string; readonly skipped: string }
  | { readonly about: string; readonly measured: Measured }
  | { readonly failed: string }
)

interface Measured {
  readonly date: string
  readonly cpu: string
  readonly memoryGb: number
  readonly system: string
  readonly seconds: number
  readonly versions: Readonly<Record<string, string>>
}

export function drawPage(
  lines: readonly Line[],
  notes: ReadonlyMap<string, string>,
): { readonly text: string; readonly pictures: ReadonlyMap<string, string> }
