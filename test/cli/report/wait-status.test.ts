import { describe, expect, it } from 'vitest'
import { describeWaitStatus } from '../../../src/cli/report/wait-status.ts'

describe('describeWaitStatus', () => {
  it('describes exit statuses, with their meaning in shells', () => {
    expect(describeWaitStatus(0)).toBe('exited with status 0')
    expect(describeWaitStatus(3 << 8)).toBe('exited with status 3')
    expect(describeWaitStatus(127 << 8)).toMatch(/^exited with status 127: .* see --node$/)
  })

  it('describes signals, with or without a core dump', () => {
    expect(describeWaitStatus(9)).toBe('was killed by SIGKILL')
    expect(describeWaitStatus(0x80 | 11)).toBe('was killed by SIGSEGV')
    expect(describeWaitStatus(99)).toBe('was killed by signal 99')
  })

  it('has no text for a status that Mesos does not know', () => {
    expect(describeWaitStatus(-1)).toBeUndefined()
  })
})
