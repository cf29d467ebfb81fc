/** Which events answer an effect. The tables of jarcast's machines are in src/machines/answers. */
import type { AnyStateMachine, EventFromLogic, EventObject } from 'xstate'
import type { EffectOf } from './effect-of.ts'

/** A kind of event that answers an effect. */
export interface Answer<Params = unknown> {
  readonly event: string
  readonly outcome: 'done' | 'failed'
  /** Which events of this type answer, for readers: `of the set`. Empty if all do. */
  readonly which: string
  /** True for an event of this type that is about what the effect asked for. */
  isAbout(params: Params, event: EventObject): boolean
}

/** The name of an effect in the table: its type; of `fx.call`, with the type of the call. */
export type EffectKind<E extends { readonly type: string; readonly params: unknown }> = E extends {
  readonly type: 'fx.call'
  readonly params: infer Call extends { readonly type: string }
}
  ? `fx.call ${Call['type']}`
  : E['type']

type ParamsOf<E, Kind> = E extends {
  readonly type: 'fx.call'
  readonly params: infer Call extends { readonly type: string }
}
  ? Kind extends `fx.call ${infer Type}`
    ? Extract<Call, { readonly type: Type }>
    : never
  : E extends { readonly type: Kind; readonly params: infer Params }
    ? Params
    : never

/** The answers to every effect of a machine and its children; none where nothing follows. */
export type AnswersTo<M extends AnyStateMachine> = {
  readonly [Kind in EffectKind<EffectOf<M>>]: readonly Answer<ParamsOf<EffectOf<M>, Kind>>[]
}

/** A table of answers, whichever its machine. */
export type EffectAnswers = Readonly<Record<string, readonly Answer<never>[]>>

/** Makers of answers for the events of one machine. */
export function makeAnswers<M extends AnyStateMachine>() {
  type Event = EventFromLogic<M>
  type Matching<Type, Params> = (params: Params, event: Extract<Event, { type: Type }>) => boolean

  function maker(outcome: Answer['outcome']) {
    return <Type extends Event['type'], Params>(
      event: Type,
      which = '',
      isAbout: Matching<Type, Params> = () => true,
    ): Answer<Params> => ({
      event,
      outcome,
      which,
      isAbout: (params, found) => isAbout(params, found as Extract<Event, { type: Type }>),
    })
  }

  return { done: maker('done'), failed: maker('failed') }
}

type AnyEffect = { readonly type: string; readonly params: unknown }

/** `fx.call ACCEPT`, `fx.close`. */
export function effectKindOf({ type, params }: AnyEffect): string {
  return type === 'fx.call' ? `fx.call ${(params as { readonly type: string }).type}` : type
}

/** The kinds of events that may answer an effect; undefined for an effect that is not listed. */
export function answersTo(
  answers: EffectAnswers,
  effect: AnyEffect,
): readonly Answer<never>[] | undefined {
  const kind = effectKindOf(effect)
  return Object.hasOwn(answers, kind) ? answers[kind] : undefined
}

/**
 * The answer that an event is to an earlier effect; undefined if it is none. The first such event
 * after the effect is its answer. An event whose fields have other types than today's is none.
 */
export function answerOf(
  answers: EffectAnswers,
  effect: AnyEffect,
  event: EventObject,
): Answer<never> | undefined {
  const found = answersTo(answers, effect)?.filter((answer) => answer.event === event.type)
  return found?.find((answer) => {
    try {
      return answer.isAbout(effect.params as never, event)
    } catch {
      return false
    }
  })
}
