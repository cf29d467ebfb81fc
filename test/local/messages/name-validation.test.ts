import { describe, expect, it } from 'vitest'
import { findIdError, findRoleError } from '../../../src/local/messages/name-validation.ts'

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
