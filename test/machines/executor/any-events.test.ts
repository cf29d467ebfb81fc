import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replay } from '../../../src/journal/replay/replay.ts'
import type { ExecutorMachineEvent } from '../../../src/machines/executor/events.ts'
import { executorMachine } from '../../../src/machines/executor/executor.ts'
import { good, input, installed, launch, lost, run, shutdown, subscribed } from './run-executor.ts'

describe('executorMachine', () => {
  it('accepts any events in any order, and replays to the same state', () => {
    fc.assert(
      fc.property(fc.array(anyEvent(), { maxLength: 60 }), (events) => {
        const executor = run({ checkpoint: true })
        for (const event of events) {
          if (executor.runtime.snapshot.status === 'done') break
          executor.tell(event)
          executor.wait(50)
        }
        const again = replay(
          executorMachine,
          { ...input, checkpoint: true },
          0,
          executor.journal.read(1),
        )
        expect([...again].flatMap(({ mismatches }) => mismatches)).toEqual([])
        expect(JSON.stringify(again.state())).toBe(JSON.stringify(executor.runtime.state()))
      }),
      { numRuns: 200 },
    )
  })
})

function anyEvent(): fc.Arbitrary<ExecutorMachineEvent> {
  const taskId = fc.constantFrom('t', 'u', '__proto__')
  const setId = fc.constantFrom('s', 'r')
  const name = fc.constantFrom('a', 'b')
  const library = { sha256: 'f'.repeat(64), sizeBytes: 1, kind: 'jar' as const }
  const entries = ['a', 'b'].map((each) => ({ uri: each, library: { ...library, name: each } }))
  const failure = fc.record({
    code: fc.constantFrom('LIBRARY_CORRUPT' as const, 'LIBRARY_UNAVAILABLE' as const),
    message: fc.constant('no'),
    retryable: fc.boolean(),
    retryDelayMs: fc.constant(30),
  })
  return fc.oneof(
    fc.constant(subscribed),
    fc.boolean().map((busy) => lost({ busy })),
    fc.tuple(taskId, fc.option(setId, { nil: undefined })).map(([id, set]) => launch(id, set)),
    taskId.map((id) => ({ type: 'host.started' as const, taskId: id })),
    taskId.map((id) => ({ type: 'host.exited' as const, taskId: id, outcome: good })),
    taskId.map((id) => ({ type: 'kill.requested' as const, taskId: id })),
    fc
      .tuple(taskId, fc.nat(30))
      .map(([id, seq]) => ({ type: 'update.acknowledged' as const, taskId: id, uuid: `${seq}.0` })),
    setId.map((id) => ({ type: 'manifest.fetched' as const, setId: id, entries })),
    fc
      .tuple(setId, failure)
      .map(([id, why]) => ({ type: 'manifest.failed' as const, setId: id, ...why })),
    fc
      .tuple(setId, name)
      .map(([id, each]) => ({ type: 'library.fetched' as const, setId: id, name: each })),
    fc.tuple(setId, name, failure).map(([id, each, why]) => ({
      type: 'library.failed' as const,
      setId: id,
      name: each,
      ...why,
    })),
    setId.map((id) => ({ type: 'set.installed' as const, setId: id, installed })),
    fc.constant(shutdown),
  )
}
