import { describe, expect, it } from 'vitest'
import {
  findFrameworkError,
  findIdError,
  findRoleError,
  findSuppressedError,
} from '../../../src/local/messages/framework-info.ts'
import { testFramework } from '../support/client.ts'

describe('findRoleError', () => {
  it.each(['*', 'a', 'a/b', 'team-1', 'a.b', 'größe'])('takes %s', (role) => {
    expect(findRoleError(role)).toBeUndefined()
  })

  it.each([
    ['', 'empty string'],
    ['/a', 'start with a slash'],
    ['a/', 'end with a slash'],
    ['a//b', 'two adjacent slashes'],
    ['.', "'.' as a component"],
    ['a/..', "'..' as a component"],
    ['a/*', "'*' as a component"],
    ['-a', 'starts with a dash'],
    ['a b', 'backspace or whitespace'],
  ])('refuses "%s"', (role, message) => {
    expect(findRoleError(role)).toContain(message)
  })
})

describe('findIdError', () => {
  it.each(['a', 'A.b-c_1', 'x'.repeat(255), 'a b'])('takes %s', (id) => {
    expect(findIdError(id)).toBeUndefined()
  })

  it.each(['', '.', '..', 'a/b', 'a\\b', 'a\nb', 'x'.repeat(256)])('refuses %j', (id) => {
    expect(findIdError(id)).toBeDefined()
  })
})

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
