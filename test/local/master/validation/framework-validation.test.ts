import { describe, expect, it } from 'vitest'
import {
  findFrameworkError,
  findSuppressedError,
} from '../../../../src/local/master/validation/framework-validation.ts'
import { testFramework } from '../../support/client.ts'

describe('findFrameworkError', () => {
  it('takes a framework with roles and MULTI_ROLE', () => {
    expect(findFrameworkError(testFramework)).toBeUndefined()
  })

  it.each([
    [{ ...testFramework, role: 'a' }, 'must not be set when the framework is MULTI_ROLE capable'],
    [
      { ...testFramework, capabilities: [] },
      'must not be set when the framework is not MULTI_ROLE',
    ],
    [{ ...testFramework, roles: ['a', 'a'] }, 'duplicate items: { a }'],
    [{ ...testFramework, id: { value: 'a/b' } }, 'invalid characters'],
    [{ ...testFramework, failoverTimeout: 1e300 }, 'failover_timeout (1e+300) is invalid'],
    [{ ...testFramework, failoverTimeout: Number.NaN }, 'is invalid'],
  ])('refuses %j', (info, message) => {
    expect(findFrameworkError(info)).toContain(message)
  })

  it.each([
    [{}, 'must contain at least one quantity'],
    [{ cpus: { value: -1 } }, "quantity for 'cpus': Negative values not supported"],
    [{ cpus: { value: Infinity } }, 'Infinite values not supported'],
  ])('refuses %j as the least to be offered', (quantities, message) => {
    const least = { minAllocatableResources: { quantities: [{ quantities }] } }
    expect(findFrameworkError({ ...testFramework, offerFilters: { '*': least } })).toContain(
      message,
    )
  })
})

describe('findSuppressedError', () => {
  it('refuses to suppress a role that the framework has not', () => {
    expect(findSuppressedError(testFramework, ['*'])).toBeUndefined()
    expect(findSuppressedError(testFramework, ['b'])).toBe(
      'Suppressed roles { b } are not contained in the set of roles',
    )
  })
})
