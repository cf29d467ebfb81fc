/** The answers to the effects of one entry, for people and for programs. */
import { effectSummary } from '../../domain/event-summary.ts'
import type { Effect } from '../../journal/core/outbox.ts'
import { printable } from '../output/printable.ts'
import type { Colours } from '../output/terminal.ts'
import type { AnswerFinder, FoundAnswer } from './answer-finder.ts'

/** By effect; only of those in the table of answers. */
export type EffectsAnswered = ReadonlyMap<Effect, FoundAnswer | 'none' | 'missing'>

export function findAnswers(
  finder: AnswerFinder,
  { seq, effects }: { readonly seq: number; readonly effects: readonly Effect[] },
): EffectsAnswered {
  return new Map(
    effects.flatMap((effect) => {
      const found = finder.find(seq, effect)
      return found === undefined ? [] : [[effect, found] as const]
    }),
  )
}

const indent = ' '.repeat(22)

/** `↩ fx.call ACCEPT …O1 one: answered by entry 9, mesos.update`. Nothing where nothing answers. */
export function answersText(
  answers: EffectsAnswered,
  { actorId, colours }: { readonly actorId: string | undefined; readonly colours: Colours },
): readonly string[] {
  return [...answers].flatMap(([effect, answer]) => {
    if (answer === 'none' || (actorId !== undefined && effect.actorId !== actorId)) return []
    const line = printable(`${indent}↩ ${effectSummary(effect)}: ${answerText(answer)}`)
    const isFailed = answer !== 'missing' && answer.outcome === 'failed'
    return [isFailed ? colours.red(line) : colours.dim(line)]
  })
}

function answerText(answer: FoundAnswer | 'missing'): string {
  if (answer === 'missing') return 'no answer in the entries after it'
  const { seq, type, outcome } = answer
  return `${outcome === 'failed' ? 'failed' : 'answered'} by entry ${seq}, ${type}`
}

/** Adds `answer`: null if it was not found; absent where nothing answers. */
export function withAnswer(
  effect: Effect,
  answers: EffectsAnswered | undefined,
): Effect & { readonly answer?: FoundAnswer | null } {
  const answer = answers?.get(effect)
  if (answer === undefined || answer === 'none') return effect
  return { ...effect, answer: answer === 'missing' ? null : answer }
}
