/** What the inspector is told about the meaning of a machine: who knows Mesos knows it here. */
import type { ClusterAt, LibrariesAt, StageAt } from './lens-views.ts'

export interface LensStep {
  readonly seq: number
  /** Ms since the epoch. */
  readonly now: number
  readonly event: { readonly type: string } | undefined
  /** Snapshot of the root, in which children can be read until the next step. */
  readonly snapshot: unknown
  readonly effects: readonly { readonly type: string; readonly params: unknown }[]
  readonly facts: readonly { readonly type: string }[]
}

/** Every part is optional: without a lens, any machine is shown by types and states. */
export interface Lens {
  /** A row's label. Default: the event's type. */
  readonly labelOf?: (event: { readonly type: string }) => string
  /** An effect's label. Default: its type. */
  readonly effectLabelOf?: (effect: { readonly type: string; readonly params: unknown }) => string
  /** Whether an event tells of a failure. Default: its type contains `fail`, `error` or `lost`. */
  readonly isFailure?: (event: { readonly type: string }) => boolean
  /** Lane outside the machines that an event came from, or an effect or fact goes to: `master`. */
  readonly laneOf?: (what: 'event' | 'effect' | 'fact', type: string) => string | undefined
  /** Ids and labels of the lanes outside, in order. */
  readonly lanes?: readonly { readonly id: string; readonly label: string }[]
  /** Stages of the run, in order. */
  readonly stages?: (snapshot: unknown) => readonly StageAt[]
  readonly cluster?: (snapshot: unknown) => ClusterAt
  readonly libraries?: (snapshot: unknown) => LibrariesAt
  /** States of tasks that this step changed, for the view of tasks over time. */
  readonly taskChanges?: (step: LensStep) => readonly {
    readonly id: string
    readonly name?: string
    readonly host?: string
    readonly state: string
    readonly isEnd: boolean
  }[]
}
