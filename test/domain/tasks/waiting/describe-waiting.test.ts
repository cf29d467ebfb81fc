import { describe, expect, it } from 'vitest'
import { describeWaitingReason } from '../../../../src/domain/tasks/waiting/describe-waiting.ts'

describe('describeWaitingReason', () => {
  it("adds the executor's share to the needs, and names what the best agent lacks", () => {
    const text = describeWaitingReason({
      need: { cpus: 2, memMb: 32 },
      executor: { cpus: 0.1, memMb: 128 },
      obstacles: { cpus: 2, role: 1 },
      nearest: {
        agentId: 'S1',
        hostname: 'east',
        has: { cpus: 2, memMb: 4096, diskMb: 10, gpus: 0 },
        lacks: ['cpus'],
      },
    })
    expect(text).toBe(
      'needs an offer of at least 2.1 cpus (0.1 for its executor), 160 MB of memory (128 for its executor); ' +
        'the best agent, east, has 2 cpus, 4096 MB of memory: too few cpus; ' +
        'offers: 2 with too few cpus, 1 of another role',
    )
  })

  it('names where a task may run, and who does not meet it', () => {
    const rules = [
      { field: 'rack', operator: 'unique' },
      { field: '@zone', operator: 'in', values: ['a', 'b'] },
    ] as const
    const text = describeWaitingReason({
      need: { ports: [80], volumes: ['v'] },
      constraints: { hostname: 'h', rules },
      role: 'web',
      obstacles: { constraints: 3 },
      unmet: [
        { constraint: 'hostname is h', offers: 2, hostname: 'east', value: 'east' },
        { constraint: '@zone in a b', offers: 1, hostname: 'west' },
      ],
    })
    expect(text).toBe(
      'needs an offer of role web of at least port 80, volume v ' +
        'where hostname is h and rack unique and @zone in a b; ' +
        '2 agents do not meet "hostname is h" (east has hostname east); ' +
        '1 agent does not meet "@zone in a b" (west has no @zone); ' +
        'offers: 3 from agents that do not meet the constraints',
    )
  })
})
