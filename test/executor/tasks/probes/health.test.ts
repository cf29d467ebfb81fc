import { describe, expect, it } from 'vitest'
import { createHealth } from '../../../../src/executor/tasks/probes/health.ts'
import type { CheckStatusInfo } from '../../../../src/mesos/types.generated.ts'

const up: CheckStatusInfo = { type: 'TCP', tcp: { succeeded: true } }
const down: CheckStatusInfo = { type: 'TCP', tcp: { succeeded: false } }
const healthy = { healthy: true, isLast: false }

describe('createHealth', () => {
  it('reports the first success, and the first after a failure', () => {
    const health = createHealth({}, 0)
    expect(health.take(up, 1)).toEqual(healthy)
    expect(health.take(up, 2)).toBeUndefined()
    expect(health.take(down, 3)).toEqual({ healthy: false, isLast: false })
    expect(health.take(up, 4)).toEqual(healthy)
  })

  it('counts only consecutive failures', () => {
    const health = createHealth({ consecutiveFailures: 2, gracePeriodSeconds: 0 }, 0)
    const seen = [down, up, down, undefined].map((status) => health.take(status, 1)?.isLast)
    expect(seen).toEqual([false, false, false, true])
  })

  it('ignores failures in the grace period before the first success', () => {
    const health = createHealth({ consecutiveFailures: 1, gracePeriodSeconds: 5 }, 1000)
    expect(health.take(down, 6000)).toBeUndefined()
    expect(health.take(down, 6001)).toEqual({ healthy: false, isLast: true })
    const other = createHealth({ consecutiveFailures: 1, gracePeriodSeconds: 5 }, 1000)
    other.take(up, 1001)
    expect(other.take(down, 1002)).toEqual({ healthy: false, isLast: true })
  })

  it.each([
    [199, [], false],
    [200, [], true],
    [399, [], true],
    [400, [], false],
    [200, [204], false],
    [204, [204], true],
  ])('judges HTTP status %i with %j as %s', (statusCode, statuses, isGood) => {
    const health = createHealth({ http: { port: 1, statuses }, gracePeriodSeconds: 0 }, 0)
    expect(health.take({ http: { statusCode } }, 1)?.healthy).toBe(isGood)
  })

  it('judges a command by its exit status', () => {
    const health = createHealth({ gracePeriodSeconds: 0 }, 0)
    expect(health.take({ command: { exitCode: 0 } }, 1)?.healthy).toBe(true)
    expect(health.take({ command: { exitCode: 1 } }, 1)?.healthy).toBe(false)
  })
})
