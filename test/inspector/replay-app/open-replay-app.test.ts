import { describe, expect, it } from 'vitest'
import { createMachine } from 'xstate'
import { stateLine } from '../../../src/inspector/state-line.ts'
import { replay } from '../../../src/journal/replay/replay.ts'
import { statesOf } from '../../../src/journal/replay/state-changes.ts'
import { appOf, entriesOf, goldenJournals } from '../support/golden.ts'

/** The states of all machines, as lines. */
function linesOf(snapshot: unknown): ReadonlyMap<string, string> {
  return new Map(
    [...statesOf(snapshot)].map(([id, state]) => [
      id,
      state.startsWith('{') ? stateLine(JSON.parse(state)) : state,
    ]),
  )
}

describe.each(goldenJournals())('$name', (journal) => {
  const { machine, input, startedAt, entries } = journal

  it('shows at every entry the state that a replay has', async () => {
    const app = appOf(journal)
    for (const step of replay(machine, input as never, startedAt, entries as never)) {
      const { actors, now } = await app.moment({ seq: step.seq })
      expect(now).toBe(step.now)
      expect(new Map(actors.map(({ id, state }) => [id, state]))).toEqual(linesOf(step.snapshot))
    }
    app.close()
  })

  it('has a row for the start and for each entry', async () => {
    const app = appOf(journal)
    const rows = await app.rows({ from: 0, count: 500 })
    expect(rows.map(({ seq }) => seq)).toEqual([0, ...entries.map(({ seq }) => seq)])
    expect(rows[0]).toMatchObject({ type: 'start', actor: machine.id })
    app.close()
  })

  it('tells the same of a step whichever was asked before', async () => {
    const one = appOf(journal)
    const other = appOf(journal)
    const last = entries.length
    for (let seq = last; seq >= 0; seq -= 7) {
      await other.moment({ seq: (seq * 31) % last })
      expect(await one.step({ seq })).toEqual(await other.step({ seq }))
    }
    one.close()
    other.close()
  })
})

describe('a journal that another process writes', () => {
  const machine = createMachine({ id: 'm' })
  const entries = entriesOf({ type: 'a' }, { type: 'b' })

  it('ends with what was written while it was read', async () => {
    let isWritten = false
    const app = appOf(
      { machine, input: undefined, startedAt: 0, entries: [] },
      {
        entries: {
          *read() {
            yield* isWritten ? entries : entries.slice(0, 1)
            // The other process ends after this read, and before anybody asks whether it did.
            isWritten = true
          },
          isOver: () => isWritten,
        },
      },
    )
    await expect.poll(app.info).toMatchObject({ lastSeq: 2, isOver: true })
    app.close()
  })
})
