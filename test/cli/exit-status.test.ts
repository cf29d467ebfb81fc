import { describe, expect, it } from 'vitest'
import { exitStatusOf, exitStatusOfSignal } from '../../src/cli/exit-status.ts'
import { JarcastError } from '../../src/errors.ts'

describe('exitStatusOf', () => {
  it('is 2 for what the command line can put right', () => {
    expect(exitStatusOf(new JarcastError('LIBRARY_NOT_FOUND', 'x'))).toBe(2)
    expect(exitStatusOf(new JarcastError('TASK_INVALID', 'x'))).toBe(2)
  })

  it('is 1 for everything else', () => {
    const details = { state: 'TASK_FAILED' }
    expect(exitStatusOf(new JarcastError('TASK_INVALID', 'x', { details }))).toBe(1)
    expect(exitStatusOf(new JarcastError('MASTER_UNREACHABLE', 'x'))).toBe(1)
    expect(exitStatusOf(new TypeError('x'))).toBe(1)
  })
})

describe('exitStatusOfSignal', () => {
  it('is that of a shell', () => {
    expect(exitStatusOfSignal('SIGHUP')).toBe(129)
    expect(exitStatusOfSignal('SIGINT')).toBe(130)
    expect(exitStatusOfSignal('SIGTERM')).toBe(143)
  })
})
