/**
 * Constraints compiled for matching: what an agent must have, what is counted, and the counts while
 * tasks are placed.
 */
import { createHash } from 'node:crypto'
import type { Offer } from '../../../../mesos/types.generated.ts'
import { fieldText, isField, isFieldLike } from '../../../../domain/tasks/agent-fields.ts'
import type { PlacementRule, TaskConstraints } from '../../../../domain/tasks/task-constraints.ts'
import { emptyMap, entriesOf, getFrom } from '../../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../../domain/persistent-map.ts'
import type { CountedAt, PlacementCounts } from '../../tasks/table/placement-counts.ts'

export interface CompiledConstraints {
  readonly policy: 'spread' | 'pack'
  /** True for an agent with the fields that the rules need; tasks that run there do not count. */
  admits(offer: Offer): boolean
  /** The tallies in which a task on this agent is counted. */
  countedAt(offer: Offer): readonly CountedAt[]
  /** Maximum counts per value. */
  readonly limits: readonly { readonly tally: string; readonly count: number }[]
  /** The field whose values are balanced. */
  readonly balance: Balance | undefined
}

export interface Balance {
  readonly tally: string
  readonly valueOf: (offer: Offer) => string
  /** Number of values that must be known before any of them gets a second task. */
  readonly expected: number
}

export function compileConstraints(constraints: TaskConstraints = {}): CompiledConstraints {
  const { hostname, attributes = {}, rules = [], policy = 'spread' } = constraints
  const counting = rules.filter(isCounting)
  const tallies = new Map(counting.map(({ field }) => [field, tallyOf(constraints, field)]))
  const tallyAt = (field: string): string => tallies.get(field) ?? ''
  const balanced = counting.find(({ operator }) => operator === 'group-by')
  return {
    policy,
    admits: (offer) =>
      (hostname === undefined || hostname === offer.hostname) &&
      Object.entries(attributes).every(([name, text]) => isField(offer, name, text)) &&
      rules.every((rule) => isAdmitted(offer, rule)),
    countedAt: (offer) =>
      [...tallies].map(([field, tally]) => [tally, fieldText(offer, field) ?? '']),
    limits: counting.flatMap((rule) =>
      rule.operator === 'group-by'
        ? []
        : { tally: tallyAt(rule.field), count: rule.operator === 'unique' ? 1 : rule.count },
    ),
    balance: balanced && {
      tally: tallyAt(balanced.field),
      valueOf: (offer) => fieldText(offer, balanced.field) ?? '',
      expected: 'count' in balanced ? (balanced.count ?? 1) : 1,
    },
  }
}

type CountingRule = Extract<PlacementRule, { operator: 'unique' | 'max-per' | 'group-by' }>

function isCounting(rule: PlacementRule): rule is CountingRule {
  return ['unique', 'max-per', 'group-by'].includes(rule.operator)
}

function isAdmitted(offer: Offer, rule: PlacementRule): boolean {
  const { field } = rule
  switch (rule.operator) {
    case 'is':
      return isField(offer, field, rule.value)
    case 'in':
      return rule.values.some((value) => isField(offer, field, value))
    case 'like':
      return isFieldLike(offer, field, rule.value)
    case 'unlike':
      return !isFieldLike(offer, field, rule.value)
    case 'unique':
    case 'max-per':
    case 'group-by':
      return fieldText(offer, field) !== undefined
  }
}

/** A short name for the tasks that are counted together, and their field. */
function tallyOf({ among, rules }: TaskConstraints, field: string): string {
  const text = JSON.stringify([among ?? rules, field])
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** The counts of one tally during a matching, including placements of this round. */
export interface Tally {
  countOf(value: string): number
  add(value: string): void
  /** All values with tasks. */
  entries(): Iterable<readonly [value: string, count: number]>
}

/** The tally of this name. */
export type Tallies = (tally: string) => Tally

/** Copies of tallies for one matching; each is made on first use. */
export function createTallies(counts: PlacementCounts): Tallies {
  const tallies = new Map<string, Tally>()
  return (key) => {
    const tally = tallies.get(key) ?? createTally(getFrom(counts, key) ?? emptyMap())
    tallies.set(key, tally)
    return tally
  }
}

function createTally(values: PersistentMap<number>): Tally {
  const changed = new Map<string, number>()
  const countOf = (value: string): number => changed.get(value) ?? getFrom(values, value) ?? 0
  return {
    countOf,
    add: (value) => void changed.set(value, countOf(value) + 1),
    entries: () => new Map([...entriesOf(values), ...changed]).entries(),
  }
}

/** True if no value exceeds its maximum; members of a group count each other. */
export function isWithinLimits(
  counted: readonly (readonly CountedAt[])[],
  constraints: readonly CompiledConstraints[],
  tallies: Tallies,
): boolean {
  if (constraints.every(({ limits }) => limits.length === 0)) return true
  const together = new Map<string, number>()
  for (const [tally, value] of counted.flat()) {
    const before = together.get(tally) ?? tallies(tally).countOf(value)
    together.set(tally, before + 1)
  }
  return constraints.every(({ limits }) =>
    limits.every(({ tally, count }) => (together.get(tally) ?? 0) <= count),
  )
}
