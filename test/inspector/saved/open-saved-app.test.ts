import { afterEach, describe, expect, it } from 'vitest'
import type { ReplayApp } from '../../../src/inspector/replay-app/open-replay-app.ts'
import { openSavedApp } from '../../../src/inspector/saved/open-saved-app.ts'
import type { SavedHead } from '../../../src/inspector/saved/saved-run.ts'
import type { Moment } from '../../../src/inspector/protocol/questions.ts'
import { replay } from '../../../src/journal/replay/replay.ts'
import { defined } from '../../../src/defined.ts'
import { appOf, goldenJournals } from '../support/golden.ts'
import type { GoldenJournal } from '../support/golden.ts'

const apps: ReplayApp[] = []

afterEach(() => {
  for (const app of apps.splice(0)) app.close()
})

/** The run as a saved page has it: through JSON, in small pieces. */
function savedAppOf(
  { name, machine, input, startedAt, entries }: GoldenJournal,
  from?: SavedHead['from'],
): ReplayApp {
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
  const lastSeq = (from?.seq ?? 0) + entries.length
  const parts = { machine: machine.id, input, startedAt, lastSeq }
  const head = { id: 'run', name, ...parts, notes: [], charts: {}, ...defined({ from }) }
  const saved = JSON.parse(JSON.stringify(head)) as typeof head
  const texts = { entries: text.match(/[^]{1,1000}/g) ?? [], states: [] }
  const app = openSavedApp({ machine, lens: undefined }, saved, texts)
  apps.push(app)
  return app
}

describe('openSavedApp', () => {
  it.each(goldenJournals())('answers as the journal does: $name', async (journal) => {
    const saved = savedAppOf(journal)
    const app = appOf(journal)
    apps.push(app)
    const last = journal.entries.length
    for (const seq of [0, Math.floor(last / 2), last]) {
      expect(await saved.moment({ seq })).toEqual(await app.moment({ seq }))
      expect(await saved.step({ seq })).toEqual(await app.step({ seq }))
    }
    expect(saved.info()).toMatchObject({ lastSeq: last, isOver: true })
  })

  it.each(goldenJournals())(
    'begins with the state of a compacted journal: $name',
    async (journal) => {
      const { machine, input, startedAt, entries } = journal
      const middle = Math.floor(entries.length / 2)
      const before = replay(machine, input as never, startedAt, entries.slice(0, middle) as never)
      for (const _ of before);
      const from = { seq: middle, state: before.state() }
      const saved = savedAppOf({ ...journal, entries: entries.slice(middle) }, from)
      const app = appOf(journal)
      apps.push(app)
      expect(saved.info()).toMatchObject({ firstSeq: middle })
      // Regions may be listed in another order: their active states are a set.
      const shown = ({ seq, now, actors }: Moment) => {
        return {
          seq,
          now,
          actors: actors.map((actor) => ({ ...actor, states: new Set(actor.states) })),
        }
      }
      for (const seq of [middle, entries.length]) {
        expect(shown(await saved.moment({ seq }))).toEqual(shown(await app.moment({ seq })))
      }
    },
  )
})
