import { describe, expect, it } from 'vitest'
import { planConnection, type ConnectionPlan } from './chaos-plan.ts'

function draw({ fate, request, answer }: ConnectionPlan) {
  const paces = [request, answer].map((pace) =>
    Array.from({ length: 20 }, () => [pace.nextSizeBytes(), pace.nextDelayMs()]),
  )
  return { fate, paces }
}

describe('planConnection', () => {
  it('draws the same for the same seed, proxy and number', () => {
    const plan = draw(planConnection(7, 'master', 3, true))
    expect(draw(planConnection(7, 'master', 3, true))).toEqual(plan)
    expect(draw(planConnection(8, 'master', 3, true))).not.toEqual(plan)
    expect(draw(planConnection(7, 'agent-1', 3, true))).not.toEqual(plan)
    expect(draw(planConnection(7, 'master', 4, true))).not.toEqual(plan)
  })

  it('draws every fate, and whole segments of one byte and more', () => {
    const plans = Array.from({ length: 500 }, (_, seed) => planConnection(seed, 'master', 1, true))
    const kinds = new Set(plans.map(({ fate }) => fate.kind))
    expect([...kinds].toSorted()).toEqual(['clean', 'cut', 'refuse', 'repeat', 'stall'])
    const sizes = plans.map(({ request }) => request.nextSizeBytes())
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1)
    expect(sizes.filter((size) => size <= 16).length).toBeGreaterThan(50)
  })

  it('leaves a connection alone that may not fail', () => {
    expect(planConnection(7, 'master', 3, false).fate).toEqual({ kind: 'clean' })
  })
})
