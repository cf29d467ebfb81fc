import { describe, expect, it } from 'vitest'
import { compileConstraints } from '../../../../src/local/master/allocation/offer-constraints.ts'
import type {
  AgentInfo,
  SchedulerAttributeConstraintPredicate,
  SchedulerAttributeConstraintSelector,
  SchedulerOfferConstraints,
} from '../../../../src/mesos/types.generated.ts'

const agentInfo: AgentInfo = {
  hostname: 'host-1',
  attributes: [
    { name: 'rack', type: 'TEXT', text: { value: 'r1' } },
    { name: 'level', type: 'SCALAR', scalar: { value: 3 } },
  ],
  domain: { faultDomain: { region: { name: 'north' }, zone: { name: 'n1' } } },
}
const rack: SchedulerAttributeConstraintSelector = { attributeName: 'rack' }

function constrain(
  predicate: SchedulerAttributeConstraintPredicate,
  selector = rack,
): SchedulerOfferConstraints {
  return {
    roleConstraints: { a: { groups: [{ attributeConstraints: [{ selector, predicate }] }] } },
  }
}

function isOffered(constraints: SchedulerOfferConstraints, role = 'a'): boolean {
  const compiled = compileConstraints(constraints, ['a', 'b'])
  if ('error' in compiled) throw new Error(compiled.error)
  return !compiled.isExcluded(role, agentInfo)
}

function errorOf(constraints: SchedulerOfferConstraints): string {
  const compiled = compileConstraints(constraints, ['a'])
  return 'error' in compiled ? compiled.error : ''
}

describe('compileConstraints', () => {
  it.each<[SchedulerAttributeConstraintPredicate, SchedulerAttributeConstraintSelector, boolean]>([
    [{ exists: {} }, rack, true],
    [{ exists: {} }, { attributeName: 'none' }, false],
    [{ notExists: {} }, rack, false],
    [{ notExists: {} }, { attributeName: 'none' }, true],
    [{ textEquals: { value: 'r1' } }, rack, true],
    [{ textEquals: { value: 'r2' } }, rack, false],
    [{ textEquals: { value: 'r2' } }, { attributeName: 'level' }, true],
    [{ textEquals: { value: 'r2' } }, { attributeName: 'none' }, false],
    [{ textNotEquals: { value: 'r1' } }, rack, false],
    [{ textNotEquals: { value: 'r1' } }, { attributeName: 'none' }, true],
    [{ textMatches: { regex: 'r[0-9]' } }, rack, true],
    [{ textMatches: { regex: 'r' } }, rack, false],
    [{ textMatches: { regex: '.*' } }, { attributeName: 'none' }, false],
    [{ textNotMatches: { regex: 'r[0-9]' } }, rack, false],
    [{ textNotMatches: { regex: 'x' } }, rack, true],
    [{ textEquals: { value: 'host-1' } }, { pseudoattributeType: 'HOSTNAME' }, true],
    [{ textEquals: { value: 'north' } }, { pseudoattributeType: 'REGION' }, true],
    [{ textEquals: { value: 'n2' } }, { pseudoattributeType: 'ZONE' }, false],
  ])('tests %j of %j: %s', (predicate, selector, expected) => {
    expect(isOffered(constrain(predicate, selector))).toBe(expected)
  })

  it('takes groups as alternatives, of which all tests must hold', () => {
    const yes = { selector: rack, predicate: { exists: {} } }
    const no = { selector: rack, predicate: { notExists: {} } }
    const groups = (...list: readonly (readonly (typeof yes | typeof no)[])[]) => ({
      roleConstraints: {
        a: { groups: list.map((attributeConstraints) => ({ attributeConstraints })) },
      },
    })
    expect(isOffered(groups([yes, no], [yes]))).toBe(true)
    expect(isOffered(groups([yes, no], [no]))).toBe(false)
  })

  it('leaves other roles alone', () => {
    expect(isOffered(constrain({ notExists: {} }), 'b')).toBe(true)
  })

  it.each<[SchedulerOfferConstraints, string]>([
    [{ roleConstraints: { b: {} } }, "for a role 'b'not contained in the set of roles"],
    [{ roleConstraints: { a: {} } }, "has an empty 'RoleConstraints::groups' for role a"],
    [
      { roleConstraints: { a: { groups: [{}] } } },
      'for role acontains an empty RoleConstraints::Group',
    ],
    [constrain({ exists: {} }, {}), 'Exactly one of'],
    [constrain({ exists: {} }, { pseudoattributeType: 'UNKNOWN' }), 'Unknown pseudoattribute type'],
    [constrain({}), "A role a has an invalid 'AttributeConstraint': Unknown predicate type"],
    [constrain({ textMatches: { regex: '[' } }), "from pattern '[': missing closing ]"],
    [constrain({ textMatches: { regex: '(?=x)' } }), 'Failed to construct regex'],
    [constrain({ textMatches: { regex: 'a{200}' } }), 'is too complex: program size of'],
  ])('refuses %j', (constraints, message) => {
    expect(errorOf(constraints)).toContain(message)
  })
})
