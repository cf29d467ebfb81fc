import { describe, expect, it } from 'vitest'
import { asLate, exitStatusOf, exitStatusOfSignal } from '../../../src/cli/process/exit-status.ts'
import { JarcastError } from '../../../src/errors.ts'

describe('exitStatusOf', () => {
  it('is 2 for errors that the command line can correct', () => {
    expect(exitStatusOf(new JarcastError('LIBRARY_NOT_FOUND', 'x'))).toBe(2)
    expect(exitStatusOf(new JarcastError('TASK_INVALID', 'x'))).toBe(2)
    // As --port of another command, and --work-dir.
    expect(exitStatusOf(new JarcastError('JAR_SERVER_FAILED', 'x'))).toBe(2)
    expect(exitStatusOf(new JarcastError('JOURNAL_UNWRITABLE', 'x'))).toBe(2)
  })

  it('is 1 for everything else', () => {
    const details = { state: 'TASK_FAILED' }
    expect(exitStatusOf(new JarcastError('TASK_INVALID', 'x', { details }))).toBe(1)
    expect(exitStatusOf(new JarcastError('MASTER_UNREACHABLE', 'x'))).toBe(1)
    expect(exitStatusOf(new TypeError('x'))).toBe(1)
    expect(exitStatusOf(new JarcastError('CLASS_PATH_CONFLICT', 'x'))).toBe(1)
  })

  it('is 1 for errors that ended work in progress', () => {
    expect(exitStatusOf(asLate(new JarcastError('NOT_PERMITTED', 'x')))).toBe(1)
  })
})

describe('exitStatusOfSignal', () => {
  it('is that of a shell', () => {
    expect(exitStatusOfSignal('SIGHUP')).toBe(129)
    expect(exitStatusOfSignal('SIGINT')).toBe(130)
    expect(exitStatusOfSignal('SIGTERM')).toBe(143)
  })
})
