/** The types of the effects that a machine names. */
import type { AnyStateMachine, StateMachine } from 'xstate'

/**
 * The effects of a machine and of all machines that it may invoke or spawn: a union of
 * `{ type: 'fx.…', params, key, actorId }`.
 */
export type EffectOf<M extends AnyStateMachine> = EffectWithin<PartsOf<M>>

interface Parts {
  readonly action: unknown
  readonly actor: unknown
}

type PartsOf<M> =
  M extends StateMachine<
    infer _Context,
    infer _Event,
    infer _Children,
    infer Actor,
    infer Action,
    infer _Guard,
    infer _Delay,
    infer _Value,
    infer _Tag,
    infer _Input,
    infer _Output,
    infer _Emitted,
    infer _StateMeta,
    infer _Schema,
    infer _TransitionMeta
  >
    ? { readonly action: Action; readonly actor: Actor }
    : never

type EffectWithin<P extends Parts> =
  | EffectAction<P['action']>
  | (P['actor'] extends infer Actor
      ? Actor extends { readonly logic: infer Logic }
        ? EffectWithin<PartsOf<Logic>>
        : never
      : never)

type EffectAction<Action> = Action extends {
  readonly type: infer Type extends `fx.${string}`
  readonly params?: infer Params
}
  ? {
      readonly type: Type
      readonly params: Params
      /** `seq` of its entry, and its index there: unique, and equal in every replay. */
      readonly key: string
      /** The machine that wants it. */
      readonly actorId: string
    }
  : never
