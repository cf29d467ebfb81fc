/** Constraints in words. */
import type { PlacementRule, TaskConstraints } from '../task-constraints.ts'

/** `hostname is h and rack unique`; empty without a constraint. */
export function describeConstraints({
  hostname,
  attributes = {},
  rules = [],
}: TaskConstraints): string {
  return [
    ...(hostname === undefined ? [] : [`hostname is ${hostname}`]),
    ...Object.entries(attributes).map(([name, text]) => `${name} is ${text}`),
    ...rules.map(describeRule),
  ].join(' and ')
}

/** `rack is r9`, `@zone in a b`. */
export function describeRule({ field, operator, ...more }: PlacementRule): string {
  return [field, operator, ...Object.values(more).flat()].join(' ')
}
