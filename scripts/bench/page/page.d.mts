import type { Line } from '../results.mjs'

export function drawPage(
  lines: readonly Line[],
  notes: ReadonlyMap<string, string>,
  known?: readonly string[],
): { readonly text: string; readonly pictures: ReadonlyMap<string, string> }
