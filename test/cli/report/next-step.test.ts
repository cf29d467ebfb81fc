import { describe, expect, it } from 'vitest'
import { nextStep } from '../../../src/cli/report/next-step.ts'

describe('nextStep', () => {
  it('names what shows a recorded run', () => {
    const step = nextStep({ journal: "it's", isClusterOver: false, hasFailures: false })
    expect(step).toMatch(/jarcast inspect 'it'\\''s' .* jarcast logs TASK --journal 'it'\\''s'/)
  })

  it('names no output of agents that ended with the run', () => {
    const step = nextStep({ journal: 'run-1', isClusterOver: true, hasFailures: true })
    expect(step).toContain('jarcast replay run-1')
    expect(step).not.toContain('logs')
  })

  it('names the journal after failures alone', () => {
    const options = { journal: undefined, isClusterOver: true }
    expect(nextStep({ ...options, hasFailures: true })).toContain('--journal DIR')
    expect(nextStep({ ...options, hasFailures: false })).toBeUndefined()
  })
})
