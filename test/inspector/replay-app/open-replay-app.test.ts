import { describe, expect, it } from 'vitest'
import { createMachine } from 'xstate'
import { stateLine } from '../../../src/inspector/state-line.ts'
import { createCore } from '../../../src/journal/core/core.ts'
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

  it('continues from the state that the entries of a compacted journal follow', async () => {
    const seq = Math.floor(entries.length / 2)
    const core = createCore(machine, { input: input as never, startMs: startedAt })
    core.start()
    for (const entry of entries.slice(0, seq)) core.apply(entry as never)
    const from = { seq, state: core.state() }
    const whole = appOf(journal)
    const rest = appOf({ ...journal, entries: entries.slice(seq) }, { from })
    expect((await rest.rows({ from: 0, count: 500 }))[0]).toMatchObject({ seq, now: core.now() })
    for (const at of [seq, seq + 1, entries.length]) {
      const { actors } = await whole.moment({ seq: at })
      expect((await rest.moment({ seq: at })).actors).toEqual(actors)
    }
    await expect(rest.moment({ seq: seq - 1 })).rejects.toMatchObject({
      code: 'INSPECTOR_MOMENT_UNKNOWN',
    })
    whole.close()
    rest.close()
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

  it('answers for an entry that was written after the rest was read', async () => {
    const [first, second] = entries
    if (first === undefined || second === undefined) throw new Error('no entries')
    let times = 0
    const app = appOf(
      { machine, input: undefined, startedAt: 0, entries: [] },
      {
        entries: {
          *read() {
            times += 1
            if (times === 1) yield first
            if (times === 3) yield second
          },
          isOver: () => times > 4,
          lastSeq: 2,
        },
      },
    )
    expect(app.info()).toMatchObject({ lastSeq: 2 })
    expect(await app.moment({ seq: 2 })).toMatchObject({ seq: 2 })
    app.close()
  })

  it('is shown as far as it was read, though its files are gone', async () => {
    const app = appOf(
      { machine, input: undefined, startedAt: 0, entries: [] },
      {
        entries: {
          *read() {
            yield* entries
            throw new Error('gone')
          },
          isOver: () => false,
          get lastSeq(): number {
            throw new Error('gone')
          },
        },
      },
    )
    expect(app.info()).toMatchObject({ lastSeq: 0, isOver: false })
    await expect.poll(app.info).toMatchObject({ lastSeq: 2, isOver: true })
    expect(app.info().notes).toEqual(['entries after 2: gone'])
    app.close()
  })
})
