import type { AnyStateMachine } from 'xstate'

export interface ChartAction {
  readonly name: string
  readonly effects: readonly string[]
  readonly raises: readonly string[]
  readonly spawns: readonly string[]
  readonly params?: string
}

export interface ChartTransition {
  readonly kind: 'event' | 'after' | 'always' | 'done' | 'error' | 'snapshot'
  readonly event: string
  readonly guard: string | undefined
  readonly actions: readonly ChartAction[]
  readonly source: string
  readonly target: string | undefined
  /** Of a folded chart alone: the target inside the box. */
  readonly into?: string
  readonly description: string | undefined
  readonly reenters: boolean
}

export interface ChartState {
  readonly id: string
  readonly key: string
  readonly type: string
  readonly description: string | undefined
  readonly entry: readonly ChartAction[]
  readonly exit: readonly ChartAction[]
  readonly invoked: readonly { readonly id: string; readonly src: string }[]
  readonly initial: string | undefined
  readonly internal: readonly ChartTransition[]
  readonly states: readonly ChartState[]
}

export interface Chart {
  readonly root: ChartState
  readonly edges: readonly ChartTransition[]
}

export function chartOf(
  machine: AnyStateMachine,
  bindings?: ReadonlyMap<string, { readonly name: string; readonly value: unknown }>,
): Chart
