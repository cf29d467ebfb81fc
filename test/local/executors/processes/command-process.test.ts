import { describe, expect, it } from 'vitest'
import { describeExit } from '../../../../src/local/executors/processes/command-process.ts'

describe('describeExit', () => {
  it.each([
    [0, null, true, 0, 'exited with status 0'],
    [3, null, false, 768, 'exited with status 3'],
    [null, 'SIGTERM', false, 15, 'terminated with signal Terminated'],
    [null, 'SIGKILL', false, 9, 'terminated with signal Killed'],
    [null, 'SIGSEGV', false, 11, 'terminated with signal Segmentation fault'],
  ] as const)('of code %s and signal %s', (code, signal, isSuccess, waitStatus, text) => {
    expect(describeExit(code, signal)).toEqual({ isSuccess, waitStatus, text })
  })
})
