/** The golden journals, opened as apps. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { AnyStateMachine, EventObject } from 'xstate'
import { openReplayApp } from '../../../src/inspector/replay-app/open-replay-app.ts'
import type {
  ReplayApp,
  ReplayAppOptions,
} from '../../../src/inspector/replay-app/open-replay-app.ts'
import { readJournal } from '../../../src/journal/files/read-journal.ts'
import { isEntry } from '../../../src/journal/journal.ts'
import type { Entry, JournalRecord } from '../../../src/journal/journal.ts'
import { findMachine } from '../../../src/machines/known-machines.ts'

const folder = fileURLToPath(new URL('../../fixtures/journals/', import.meta.url))

export interface GoldenJournal {
  readonly name: string
  readonly machine: AnyStateMachine
  readonly input: unknown
  readonly startedAt: number
  readonly entries: readonly Entry[]
}

export function goldenJournals(): readonly GoldenJournal[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => {
      const { header, records } = readJournal(`${folder}${name}`)
      const known = findMachine(header.machine)
      if (known === undefined) throw new Error(`${name}: unknown machine`)
      const { input, createdAt: startedAt } = header
      const entries = [...records].filter(isEntry)
      return { name, machine: known.machine, input, startedAt, entries }
    })
}

export function appOf(
  { machine, input, startedAt, entries }: Omit<GoldenJournal, 'name'>,
  options: Partial<ReplayAppOptions<AnyStateMachine>> = {},
): ReplayApp {
  return openReplayApp({
    id: 'run',
    name: 'run',
    machine,
    input: input as never,
    startedAt,
    entries: sourceOf(entries),
    chartOf: () => {
      throw new Error('not drawn here')
    },
    ...options,
  })
}

/** Entries that are all there. */
function sourceOf(entries: Iterable<JournalRecord>) {
  let left = entries
  return {
    read() {
      const read = left
      left = []
      return read
    },
    isOver: () => true,
  }
}

/** Entries with these events, a second apart. */
export function entriesOf(...events: readonly (EventObject | undefined)[]): readonly Entry[] {
  return events.map((event, index) => {
    const entry = { seq: index + 1, now: (index + 1) * 1000 }
    return event === undefined ? entry : { ...entry, event }
  })
}
