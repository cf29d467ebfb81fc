/** Names the constraints that the agents of offers do not meet. */
import { defined } from '../../../../defined.ts'
import { fieldText } from '../../../../domain/tasks/agent-fields.ts'
import type { PlacementRule, TaskConstraints } from '../../../../domain/tasks/task-constraints.ts'
import type { UnmetConstraint } from '../../../../domain/tasks/waiting/waiting-reason.ts'
import { describeRule } from '../../../../domain/tasks/waiting/describe-constraints.ts'
import type { Offer } from '../../../../mesos/types.generated.ts'
import { compileConstraints } from './compiled-constraints.ts'

/** Counts each offer at the first constraint that its agent does not meet. */
export function unmetConstraints(
  all: readonly TaskConstraints[],
  offers: readonly Offer[],
): readonly UnmetConstraint[] {
  const rules = all.flatMap(rulesOf).map((rule) => {
    const { admits } = compileConstraints({ rules: [rule] })
    return { rule, admits }
  })
  const unmet = new Map<string, UnmetConstraint>()
  for (const offer of offers) {
    const { rule } = rules.find(({ admits }) => !admits(offer)) ?? {}
    if (rule === undefined) continue
    const constraint = describeRule(rule)
    const { hostname } = offer
    const value = fieldText(offer, rule.field)
    const before = unmet.get(constraint) ?? {
      constraint,
      offers: 0,
      hostname,
      ...defined({ value }),
    }
    unmet.set(constraint, { ...before, offers: before.offers + 1 })
  }
  return [...unmet.values()]
}

/** `hostname` and `attributes` are short for rules with `is`. */
function rulesOf({ hostname, attributes = {}, rules = [] }: TaskConstraints): PlacementRule[] {
  return [
    ...(hostname === undefined ? [] : [is('hostname', hostname)]),
    ...Object.entries(attributes).map(([name, value]) => is(name, value)),
    ...rules,
  ]
}

function is(field: string, value: string): PlacementRule {
  return { field, operator: 'is', value }
}
