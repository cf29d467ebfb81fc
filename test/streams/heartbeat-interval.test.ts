import { describe, expect, it } from 'vitest'
import { heartbeatIntervalMs } from '../../src/streams/heartbeat-interval.ts'

const subscribed = (heartbeatIntervalSeconds: number) =>
  ({
    type: 'SUBSCRIBED',
    subscribed: { frameworkId: { value: 'f' }, heartbeatIntervalSeconds },
  }) as const

describe('heartbeatIntervalMs', () => {
  it('reads the interval of SUBSCRIBED in milliseconds', () => {
    expect(heartbeatIntervalMs(subscribed(15))).toBe(15_000)
    expect(heartbeatIntervalMs(subscribed(0.05))).toBe(50)
  })

  it.each([0, -1, Number.NaN])('ignores an interval of %d seconds', (seconds) => {
    expect(heartbeatIntervalMs(subscribed(seconds))).toBeUndefined()
  })

  it('reads nothing from other events', () => {
    expect(heartbeatIntervalMs({ type: 'HEARTBEAT' })).toBeUndefined()
    expect(
      heartbeatIntervalMs({ type: 'SUBSCRIBED', subscribed: { frameworkId: { value: 'f' } } }),
    ).toBeUndefined()
  })
})
