import { describe, expect, it } from 'vitest'
import { JarcastError } from '../src/errors.ts'
import { toFileError } from '../src/file-error.ts'

function errno(code: string, syscall: string, path?: string): Error {
  return Object.assign(new Error(`${code}: ${syscall}`), { code, syscall, ...(path && { path }) })
}

describe('toFileError', () => {
  it.each([
    ['ENOSPC', 'write', 'DISK_FULL'],
    ['EDQUOT', 'write', 'DISK_FULL'],
    ['ENOSPC', 'mkdir', 'DISK_FULL'],
    ['EACCES', 'open', 'FILE_UNUSABLE'],
    ['EROFS', 'rename', 'FILE_UNUSABLE'],
    ['EIO', 'read', 'FILE_UNUSABLE'],
    ['EMFILE', 'open', 'FILE_UNUSABLE'],
  ])('takes %s of %s for %s', (code, syscall, expected) => {
    const error = toFileError(errno(code, syscall, '/x/y'), 'the cache') as JarcastError
    expect(error.code).toBe(expected)
    expect(error.message).toMatch(/the cache.*\/x\/y/)
  })

  it.each([
    errno('ECONNRESET', 'read'),
    errno('EPIPE', 'write'),
    errno('EACCES', 'connect'),
    errno('EMFILE', 'connect'),
    errno('ENOTFOUND', 'getaddrinfo'),
    new Error('it ended early'),
    new JarcastError('CALL_TIMEOUT', 'late'),
    undefined,
  ])('leaves what is no fault of a file: %s', (error) => {
    expect(toFileError(error, 'the cache')).toBe(error)
  })
})
