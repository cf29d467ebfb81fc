/**
 * Where a task may run. The operators are Marathon's, for hosts, regions, zones and the
 * attributes of agents.
 * Source: apache/mesos docs/attributes-resources.md; mesosphere/marathon docs, "Constraints".
 */
import { isRecord } from '../json.ts'
import { findPatternFault } from './agent-fields.ts'
import { findUnknownField } from '../unknown-field.ts'

/** All of them must hold. */
export interface TaskConstraints {
  readonly hostname?: string
  /** Required attributes of the agent, by name, as text. Short for rules with `is`. */
  readonly attributes?: Readonly<Record<string, string>>
  readonly rules?: readonly PlacementRule[]
  /**
   * `spread` (default) gives each task to the next agent that has room, `pack` fills one agent
   * before the next.
   */
  readonly policy?: 'spread' | 'pack'
  /** Tasks with the same text are counted together. Default: tasks with the same rules. */
  readonly among?: string
}

/**
 * A rule about one field of the agent: `hostname`, `@region`, `@zone`, or the name of an attribute.
 * An agent without the field satisfies only `unlike`. For a set attribute, one matching item is
 * enough; for ranges, `is` matches every number in them. `unique`, `max-per` and `group-by` count
 * tasks that run or are being launched.
 */
export type PlacementRule =
  /** Equals the value; numbers are compared as numbers. */
  | { readonly field: string; readonly operator: 'is'; readonly value: string | number }
  | {
      readonly field: string
      readonly operator: 'in'
      readonly values: readonly (string | number)[]
    }
  /**
   * The whole value matches (or does not match) a regular expression of RE2
   * (github.com/google/re2/wiki/Syntax).
   */
  | { readonly field: string; readonly operator: 'like' | 'unlike'; readonly value: string }
  /** No two tasks on agents with the same value. */
  | { readonly field: string; readonly operator: 'unique' }
  /** At most `count` tasks on agents with the same value. */
  | { readonly field: string; readonly operator: 'max-per'; readonly count: number }
  /**
   * Balances tasks over the values of the field: counts differ by at most one. Values are known
   * from offers and running tasks; with `count`, tasks wait until that many values are known.
   */
  | { readonly field: string; readonly operator: 'group-by'; readonly count?: number }

const maxRules = 50
const maxValues = 1000
const maxTextLength = 1024

/**
 * Why these constraints are invalid or can never hold, naming the field; undefined if they are
 * valid.
 */
export function findConstraintsFault(constraints: unknown): string | undefined {
  if (!isRecord(constraints)) return 'constraints must be an object'
  const unknown = findUnknownField(constraints, known, 'constraints.')
  if (unknown !== undefined) return unknown
  const { hostname, attributes, rules = [], policy, among } = constraints
  if (hostname !== undefined && !isText(hostname)) return 'constraints.hostname must be a text'
  if (
    attributes !== undefined &&
    !(isRecord(attributes) && Object.values(attributes).every(isText))
  )
    return 'constraints.attributes must hold a text for each name'
  if (policy !== undefined && policy !== 'spread' && policy !== 'pack')
    return 'constraints.policy must be "spread" or "pack"'
  if (among !== undefined && !isText(among)) return 'constraints.among must be a text'
  if (!Array.isArray(rules) || rules.length > maxRules)
    return `constraints.rules must be a list of at most ${maxRules} rules`
  const faults = rules.map((rule, index) => prefixed(`constraints.rules[${index}]`, rule))
  return faults.find((fault) => fault !== undefined) ?? findClash(rules as PlacementRule[])
}

const known = ['hostname', 'attributes', 'rules', 'policy', 'among']

function prefixed(path: string, rule: unknown): string | undefined {
  const fault = findRuleFault(rule)
  return fault === undefined ? undefined : `${path}${fault}`
}

/** Why a rule is invalid, as the rest of a sentence after its name. */
function findRuleFault(rule: unknown): string | undefined {
  if (!isRecord(rule)) return ' must be an object such as { field: "rack", operator: "unique" }'
  const { field, operator, value, values, count } = rule
  if (!isText(field) || field === '') return '.field must be "hostname" or the name of an attribute'
  if (field.startsWith('@') && !['@hostname', '@region', '@zone'].includes(field))
    return `.field ${field} is none of @hostname, @region, @zone`
  switch (operator) {
    case 'is':
      return isValue(value) ? undefined : '.value must be a text or a number'
    case 'in':
      return isList(values) && values.every(isValue) && values.length > 0
        ? undefined
        : `.values must be a list of texts and numbers, 1 to ${maxValues}`
    case 'like':
    case 'unlike': {
      const fault = isText(value) ? findPatternFault(value) : 'must be a text'
      return fault === undefined ? undefined : `.value ${fault}`
    }
    case 'unique':
      return undefined
    case 'max-per':
      return isCount(count) ? undefined : '.count must be a whole number, 1 or more'
    case 'group-by':
      return count === undefined || isCount(count)
        ? undefined
        : '.count must be a whole number, 1 or more'
    default:
      return '.operator must be is, in, like, unlike, unique, max-per or group-by'
  }
}

function findClash(rules: readonly PlacementRule[]): string | undefined {
  const balanced = rules.filter(({ operator }) => operator === 'group-by')
  return balanced.length > 1
    ? 'constraints.rules has two rules with group-by, which cannot both be balanced; keep one'
    : undefined
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxTextLength
}

function isValue(value: unknown): value is string | number {
  return isText(value) || (typeof value === 'number' && Number.isFinite(value))
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= maxValues
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1
}
