import { describe, expect, it } from 'vitest'
import { isRedirect, resolveRedirect } from '../../../src/client/http/redirect.ts'

const from = new URL('http://a.example:5050/api/v1/scheduler')

describe('resolveRedirect', () => {
  it.each([
    ['//127.0.0.1:5071/master/api/v1/scheduler', 'http://127.0.0.1:5071/master/api/v1/scheduler'],
    ['//b.example:5050/api/v1/scheduler', 'http://b.example:5050/api/v1/scheduler'],
    ['//127.0.0.1:5060', 'http://127.0.0.1:5060/api/v1/scheduler'],
    ['//[::1]:5050/api/v1/scheduler', 'http://[::1]:5050/api/v1/scheduler'],
    ['[::1]:5050', 'http://[::1]:5050/api/v1/scheduler'],
    ['masterhost2:5050', 'http://masterhost2:5050/api/v1/scheduler'],
    ['10.0.0.2:5050/x', 'http://10.0.0.2:5050/x'],
    ['http://b.example/x', 'http://b.example/x'],
    ['https://b.example:5443', 'https://b.example:5443/api/v1/scheduler'],
    ['/master/api/v1/scheduler', 'http://a.example:5050/master/api/v1/scheduler'],
    ['//user:secret@b.example:5050/x#y', 'http://b.example:5050/x'],
  ])('resolves %s', (location, expected) => {
    expect(resolveRedirect(from, location).href).toBe(expected)
  })

  it('keeps https when the location has no scheme', () => {
    const secure = new URL('https://a.example:5050/api/v1/scheduler')
    expect(resolveRedirect(secure, '//b.example:5050').protocol).toBe('https:')
  })

  it.each([
    undefined,
    '',
    '//',
    '//[::1',
    '//host:99999',
    'ftp://b.example/x',
    'file:///etc/passwd',
  ])('refuses the location %j', (location) => {
    expect(() => resolveRedirect(from, location)).toThrow(
      expect.objectContaining({ code: 'REDIRECT_INVALID', retryable: true }),
    )
  })

  it('refuses to leave https', () => {
    const secure = new URL('https://a.example:5050/api/v1/scheduler')
    expect(() => resolveRedirect(secure, 'http://a.example:5050/x')).toThrow(
      expect.objectContaining({ code: 'REDIRECT_INVALID' }),
    )
  })
})

describe('isRedirect', () => {
  it('takes only statuses that keep method and body', () => {
    expect([300, 301, 302, 303, 304, 307, 308, undefined].filter(isRedirect)).toEqual([307, 308])
  })
})
