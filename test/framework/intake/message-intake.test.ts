import { describe, expect, it } from 'vitest'
import { createLibrarySet } from '../../../src/domain/libraries/library.ts'
import { createMessageIntake } from '../../../src/framework/intake/message-intake.ts'
import type { Sender } from '../../../src/framework/intake/sender-limits.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import { createManualClock } from '../../../src/testing/manual-clock.ts'

const library = { name: 'a.jar', sha256: 'a'.repeat(64), sizeBytes: 1, kind: 'jar' } as const
const fetched = {
  type: 'library.fetched',
  name: library.name,
  sha256: library.sha256,
  sizeBytes: 1,
  source: 'server',
  durationMs: 1,
  hostname: 'h1',
}

/** An intake for a scheduler that ships one library. */
function given() {
  const runtime = createRuntime(schedulerMachine, {
    input: { framework: { user: 'u', name: 'n' }, hasLibraries: true, timeoutMs: 60_000 },
    clock: createManualClock(0),
  })
  runtime.start()
  runtime.dispatch({ type: 'libraries.staged', set: createLibrarySet([library]) })
  const entries: SchedulerInboxEvent[] = []
  const received: string[] = []
  const limited: Sender[] = []
  const take = createMessageIntake({
    snapshot: () => runtime.snapshot,
    readWindow: { after: (callback) => callback(), readOn: () => undefined },
    dispatch(event) {
      entries.push(event)
      runtime.dispatch(event)
    },
    acknowledge: () => undefined,
    onMessage: ({ data }) => received.push(data),
    reports: { add: (sender) => limited.push(sender) },
  })
  const send = (content: object, agentId = 'a1'): void =>
    take({
      agentId: { value: agentId },
      executorId: { value: 'e1' },
      data: Buffer.from(JSON.stringify(content)).toString('base64'),
    })
  return { send, entries, received, limited }
}

describe('createMessageIntake', () => {
  it('makes one entry of the first message that an agent has a library', () => {
    const { send, entries, received } = given()
    send(fetched)
    send(fetched)
    send(fetched, 'a2')
    const { sha256, hostname } = fetched
    expect(entries).toEqual([
      { type: 'holder.added', sha256, hostname, agentId: 'a1' },
      { type: 'holder.added', sha256, hostname, agentId: 'a2' },
    ])
    expect(received).toHaveLength(3)
  })

  it('makes no entry of other messages, unknown libraries, and ids that are too long', () => {
    const { send, entries, received } = given()
    send({ any: 'thing' })
    send({ ...fetched, sha256: 'b'.repeat(64) })
    send(fetched, 'a'.repeat(2000))
    expect(entries).toEqual([])
    expect(received).toHaveLength(3)
  })

  it('drops and counts messages above the rate of their executor', () => {
    const { send, received, limited } = given()
    for (let count = 0; count < 7000; count++) send({})
    expect(received.length).toBeGreaterThanOrEqual(5000)
    expect(limited[0]).toEqual({ what: 'messages', agentId: 'a1', executorId: 'e1' })
    expect(received.length + limited.length).toBe(7000)
  })
})
