/** What a live run tells of its entries, kept until they are indexed. */

/** Outcomes of entries: types of effects and facts, and whether an event was rejected. */
export interface Outcomes {
  readonly effects: readonly string[]
  readonly isRejected: boolean
}

export const noOutcomes: Outcomes = { effects: [], isRejected: false }

interface Typed {
  readonly type: string
}

/** Outcomes of one effect and nothing else, by its type: most are, and the run allocates none. */
const ofOneEffect = new Map<string, Outcomes>()
const maxTypes = 1000

export function outcomeOf(
  effects: readonly Typed[],
  facts: readonly Typed[],
  isRejected: boolean,
): Outcomes {
  const [only] = effects
  const isPlain = only !== undefined && effects.length === 1 && facts.length === 0 && !isRejected
  const known = isPlain ? ofOneEffect.get(only.type) : undefined
  if (known !== undefined) return known
  const outcome = { effects: [...effects, ...facts].map(({ type }) => type), isRejected }
  if (isPlain && ofOneEffect.size < maxTypes) ofOneEffect.set(only.type, outcome)
  return outcome
}
