import { afterEach, describe, expect, it } from 'vitest'
import type { ReplayApp } from '../../../src/inspector/replay-app/open-replay-app.ts'
import { openSavedApp } from '../../../src/inspector/saved/open-saved-app.ts'
import { appOf, goldenJournals } from '../support/golden.ts'
import type { GoldenJournal } from '../support/golden.ts'

const apps: ReplayApp[] = []

afterEach(() => {
  for (const app of apps.splice(0)) app.close()
})

/** The run as a saved page has it: through JSON, in small pieces. */
function savedAppOf({ name, machine, input, startedAt, entries }: GoldenJournal): ReplayApp {
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
  const lastSeq = entries.length
  const parts = { machine: machine.id, input, startedAt, lastSeq }
  const head = { id: 'run', name, ...parts, notes: [], charts: {} }
  const saved = JSON.parse(JSON.stringify(head)) as typeof head
  const app = openSavedApp(machine, undefined, saved, text.match(/[^]{1,1000}/g) ?? [])
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
})
