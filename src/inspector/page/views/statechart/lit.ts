/** What of a chart is lit at a moment: active states, and the transitions of the last entry. */
import type { ActorAt } from '../../../protocol/questions.ts'
import type { Chart } from '../../../protocol/chart.ts'
import type { Step } from '../../../protocol/step.ts'
import type { Area } from './camera.ts'

export interface Lit {
  readonly states: ReadonlySet<string>
  /** Keys of the transitions that were taken. */
  readonly taken: ReadonlySet<string>
  /** Those whose guard said no. */
  readonly refused: ReadonlySet<string>
  /** Key of the one that the reader points at. */
  readonly pointed?: string | undefined
}

/** `step`: the entry that led to the moment. */
export function litIn(actor: ActorAt | undefined, step: Step | undefined): Lit {
  const considered = (step?.microsteps ?? [])
    .filter((microstep) => microstep.actor === actor?.id)
    .flatMap((microstep) => microstep.considered)
  const keys = (isWanted: (verdict: string) => boolean) =>
    new Set(
      considered.filter(({ verdict }) => isWanted(verdict)).map(({ transition }) => transition),
    )
  return {
    states: new Set(actor?.states ?? []),
    taken: keys((verdict) => verdict === 'taken'),
    refused: keys((verdict) => verdict.startsWith('guard')),
  }
}

/** The part of a drawing with the innermost active states; undefined without any. */
export function areaOf({ boxes }: Chart, { states }: Lit): Area | undefined {
  const active = boxes.filter(({ id }) => states.has(id))
  const outer = new Set(active.map(({ parent }) => parent))
  const inner = active.filter(({ id }) => !outer.has(id))
  if (inner.length === 0) return undefined
  const left = Math.min(...inner.map(({ x }) => x))
  const top = Math.min(...inner.map(({ y }) => y))
  return {
    x: left,
    y: top,
    width: Math.max(...inner.map(({ x, width }) => x + width)) - left,
    height: Math.max(...inner.map(({ y, height }) => y + height)) - top,
  }
}

/** How transitions appear of which some are lit. */
export function classOf(lit: Lit, transitions: readonly string[] = []): string {
  const isPointed = lit.pointed !== undefined && transitions.includes(lit.pointed)
  return isPointed ? `${verdictOf(lit, transitions)} pointed`.trim() : verdictOf(lit, transitions)
}

function verdictOf({ taken, refused }: Lit, transitions: readonly string[]): string {
  if (transitions.some((key) => taken.has(key))) return 'taken'
  return transitions.some((key) => refused.has(key)) ? 'refused' : ''
}
