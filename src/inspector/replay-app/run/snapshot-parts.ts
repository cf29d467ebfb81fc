import type { ActorAt } from '../../protocol/questions.ts'

/** What is read of a snapshot: of a machine, or of any other actor. */
export interface SnapshotParts {
  readonly status?: ActorAt['status']
  readonly value?: unknown
  readonly context?: unknown
  readonly output?: unknown
  readonly error?: unknown
  readonly tags?: ReadonlySet<string>
  readonly machine?: { readonly id: string }
  readonly _nodes?: readonly { readonly id: string; readonly order: number }[]
}
