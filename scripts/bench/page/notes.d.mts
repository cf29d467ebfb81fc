import type { Group } from '../results.mjs'

export function readNotes(markdown: string): ReadonlyMap<string, string>
export function faultsOf(
  notes: ReadonlyMap<string, string>,
  groups: readonly Group[],
): readonly string[]
