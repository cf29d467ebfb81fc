/**
 * Offer constraints of a framework: the agents that it accepts in each role.
 * Source: apache/mesos include/mesos/v1/scheduler/scheduler.proto (OfferConstraints);
 * src/master/allocator/mesos/offer_constraints_filter.cpp.
 */
import { RE2JS } from 're2js'
import { messageOf } from '../../../errors.ts'
import type {
  AgentInfo,
  Attribute,
  SchedulerAttributeConstraint,
  SchedulerAttributeConstraintPredicate,
  SchedulerAttributeConstraintSelector,
  SchedulerOfferConstraints,
} from '../../../mesos/types.generated.ts'
import type { AgentExclusion } from './claimant.ts'

/** As the master's `--offer_constraints_re2_max_program_size`. */
const maxProgramSize = 100
/** Longer patterns are refused without compiling them: their programs are too large. */
const maxPatternLength = 10_000

/** Tests an attribute or a name; undefined if the agent has none. */
type Test = (value: string | Attribute | undefined) => boolean
type Evaluator = (agent: AgentInfo) => boolean

/** Mesos' error for these constraints, or a test for excluded agents. Groups are alternatives. */
export function compileConstraints(
  { roleConstraints = {} }: SchedulerOfferConstraints,
  roles: readonly string[],
): { readonly error: string } | { readonly isExcluded: AgentExclusion } {
  const foreign = Object.keys(roleConstraints).find((role) => !roles.includes(role))
  if (foreign !== undefined) {
    return {
      error:
        `Offer constraints specify \`role_constraints\` for a role '${foreign}'` +
        'not contained in the set of roles',
    }
  }
  try {
    const groups = new Map(
      Object.entries(roleConstraints).map(([role, constraints]) => [
        role,
        compileGroups(role, constraints),
      ]),
    )
    return {
      isExcluded: (role, agent) =>
        groups.get(role)?.some((group) => group.every((test) => test(agent))) === false,
    }
  } catch (error) {
    if (!(error instanceof ConstraintError)) throw error
    return { error: `Offer constraints are not valid: ${error.message}` }
  }
}

class ConstraintError extends Error {}

type RoleConstraints = NonNullable<SchedulerOfferConstraints['roleConstraints']>[string]

function compileGroups(role: string, { groups = [] }: RoleConstraints): Evaluator[][] {
  if (groups.length === 0) {
    throw new ConstraintError(
      `'OfferConstraints::role_constraints' has an empty 'RoleConstraints::groups' for role ${role}`,
    )
  }
  return groups.map(({ attributeConstraints = [] }) => {
    if (attributeConstraints.length === 0) {
      throw new ConstraintError(
        `'OfferConstraints::RoleConstraints::groups' for role ${role}` +
          'contains an empty RoleConstraints::Group',
      )
    }
    return attributeConstraints.map((constraint) => compileOne(role, constraint))
  })
}

function compileOne(
  role: string,
  { predicate, selector }: SchedulerAttributeConstraint,
): Evaluator {
  try {
    const select = compileSelector(selector)
    const test = compilePredicate(predicate)
    return (agent) => test(select(agent))
  } catch (error) {
    if (!(error instanceof ConstraintError)) throw error
    const message = `A role ${role} has an invalid 'AttributeConstraint': ${error.message}`
    throw new ConstraintError(message, { cause: error })
  }
}

function compileSelector({
  attributeName,
  pseudoattributeType,
}: SchedulerAttributeConstraintSelector): (agent: AgentInfo) => string | Attribute | undefined {
  if (attributeName !== undefined) {
    return ({ attributes = [] }) => attributes.find(({ name }) => name === attributeName)
  }
  switch (pseudoattributeType) {
    case 'HOSTNAME':
      return ({ hostname }) => hostname
    case 'REGION':
      return ({ domain }) => domain?.faultDomain?.region.name
    case 'ZONE':
      return ({ domain }) => domain?.faultDomain?.zone.name
    case 'UNKNOWN':
      throw new ConstraintError('Unknown pseudoattribute type')
    default:
      throw new ConstraintError(
        "Exactly one of 'AttributeConstraint::Selector::name' or" +
          " 'AttributeConstraint::Selector::pseudoattribute_type' must be set",
      )
  }
}

function compilePredicate(predicate: SchedulerAttributeConstraintPredicate): Test {
  const { exists, notExists, textEquals, textMatches, textNotEquals, textNotMatches } = predicate
  if (exists !== undefined) return (value) => value !== undefined
  if (notExists !== undefined) return (value) => value === undefined
  if (textEquals !== undefined) return onText(false, (text) => text === textEquals.value)
  if (textNotEquals !== undefined) return onText(true, (text) => text !== textNotEquals.value)
  if (textMatches !== undefined) {
    const pattern = compilePattern(textMatches.regex)
    return onText(false, (text) => pattern.matches(text))
  }
  if (textNotMatches !== undefined) {
    const pattern = compilePattern(textNotMatches.regex)
    return onText(true, (text) => !pattern.matches(text))
  }
  throw new ConstraintError('Unknown predicate type')
}

/** Attributes of other types pass every test of text. */
function onText(ofMissing: boolean, test: (text: string) => boolean): Test {
  return (value) => {
    if (value === undefined) return ofMissing
    if (typeof value === 'string') return test(value)
    return value.type !== 'TEXT' || test(value.text?.value ?? '')
  }
}

/** RE2, and this port of it, match in linear time: no pattern from outside blocks the master. */
function compilePattern(regex: string): RE2JS {
  const pattern = parsePattern(regex)
  const size = pattern.programSize()
  if (size > maxProgramSize) throw tooComplex(regex, size)
  return pattern
}

function parsePattern(regex: string): RE2JS {
  if (regex.length > maxPatternLength) throw tooComplex(regex, regex.length)
  try {
    return RE2JS.compile(regex)
  } catch (error) {
    const reason = messageOf(error)
    throw new ConstraintError(
      `Failed to construct regex from pattern '${regex}': ${reason.replace('error parsing regexp: ', '')}`,
    )
  }
}

function tooComplex(regex: string, size: number): ConstraintError {
  return new ConstraintError(
    `Regex '${regex}' is too complex: program size of ${size} is larger than` +
      ` maximum of ${maxProgramSize} allowed`,
  )
}
