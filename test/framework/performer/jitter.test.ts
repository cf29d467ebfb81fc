import { describe, expect, it } from 'vitest'
import { withJitter } from '../../../src/framework/performer/jitter.ts'
import type { SchedulerCall } from '../../../src/mesos/types.generated.ts'

const frameworkId = { value: 'f1' }
const decline = (filters?: { readonly refuseSeconds?: number }): SchedulerCall => ({
  type: 'DECLINE',
  frameworkId,
  decline: { offerIds: [{ value: 'o1' }], ...(filters && { filters }) },
})

describe('withJitter', () => {
  it('adds up to a fifth to the filter of a DECLINE', () => {
    expect(withJitter(decline({ refuseSeconds: 10 }), () => 0)).toEqual(
      decline({ refuseSeconds: 10 }),
    )
    expect(withJitter(decline({ refuseSeconds: 10 }), () => 1)).toEqual(
      decline({ refuseSeconds: 12 }),
    )
  })

  it('rounds to the millisecond', () => {
    expect(withJitter(decline({ refuseSeconds: 1 }), () => 1 / 3)).toEqual(
      decline({ refuseSeconds: 1.067 }),
    )
  })

  it('leaves other calls and a DECLINE without a time unchanged', () => {
    for (const call of [decline(), decline({}), { type: 'REVIVE', frameworkId } as const])
      expect(withJitter(call, () => 1)).toBe(call)
  })
})
