/**
 * A run inside a saved page: a head, and the entries as lines of JSON. Both are compressed by gzip
 * and stand in the page as base64, so that nothing of them can be markup.
 */
import type { App } from '../protocol/questions.ts'
import type { Chart } from '../protocol/chart.ts'

/** All that an app needs to know of a run, beside its entries. */
export interface SavedHead {
  readonly id: string
  readonly name: string
  /** Id of its machine. */
  readonly machine: string
  readonly input: unknown
  /** Ms since the epoch. */
  readonly startedAt: number
  /** The state that the entries follow; absent: the initial one. */
  readonly from?: { readonly seq: number; readonly state: unknown }
  /** `seq` of the last entry. */
  readonly lastSeq: number
  /** What the reader should know of the run. */
  readonly notes: readonly string[]
  /** By the id of its machine, with nothing collapsed. */
  readonly charts: Readonly<Record<string, Chart>>
}

/** Texts of a run, as lines that are cut anywhere. */
export interface SavedTexts {
  readonly entries: readonly string[]
  /** As `createStateSaver` makes them. */
  readonly states: readonly string[]
}

/** Opens a run. Throws for a machine that is not known. */
export type OpenSavedRun = (head: SavedHead, texts: SavedTexts) => App

export type SavedPart = 'head' | 'entries' | 'states'

/** Attributes of the elements that hold a run: its number, and which part it is. */
export const savedRunAttribute = 'data-run'
export const savedPartAttribute = 'data-part'
