import { describe, expect, it } from 'vitest'
import { assign, setup } from 'xstate'
import { openFileJournal } from '../../../src/journal/writer/file-journal.ts'
import { isEntry } from '../../../src/journal/journal.ts'
import { replay } from '../../../src/journal/replay/replay.ts'
import { describeRejection } from '../../../src/journal/runtime/rejections.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import { header, temporaryFolder } from '../support/journal-folder.ts'

interface Noted {
  readonly type: 'noted'
  readonly text: string
  readonly value?: unknown
}

const notes = setup({ types: {} as { context: { length: number }; events: Noted } }).createMachine({
  id: 'notes',
  context: { length: 0 },
  on: {
    noted: {
      actions: assign({ length: ({ context, event }) => context.length + event.text.length }),
    },
  },
})

describe('createRuntime with a journal in files', () => {
  it('notes an entry that the journal cannot store, and continues with the others', async () => {
    const journal = await openFileJournal<Noted>(temporaryFolder(), { header })
    const rejected: string[] = []
    let failure: unknown
    await new Promise<void>((resolve) => {
      const runtime = createRuntime(notes, { input: undefined, journal })
      runtime.rejection$.subscribe((rejection) => rejected.push(describeRejection(rejection)))
      runtime.applied$.subscribe({
        next: (applied) => {
          if (applied === runtime.taken) resolve()
        },
        error: (error: unknown) => (failure = error),
      })
      runtime.start()
      runtime.dispatch({ type: 'noted', text: 'a' })
      runtime.dispatch({ type: 'noted', text: 'x'.repeat(17 * 1024 * 1024) })
      runtime.dispatch({ type: 'noted', text: 'b', value: 1n })
      runtime.dispatch({ type: 'noted', text: 'cc' })
    })
    expect(failure).toBeUndefined()
    expect(rejected).toEqual([
      expect.stringMatching(/^entry 2, noted, was refused: .*longer than/),
      expect.stringMatching(/^entry 3, noted, was refused: .*JSON/),
    ])
    const records = [...journal.read()]
    expect(records.filter(isEntry).map(({ event }) => event?.type)).toEqual([
      'noted',
      'event.refused',
      'event.refused',
      'noted',
    ])
    const replayed = replay(notes, undefined, journal.startedAt, records)
    expect([...replayed].length).toBeGreaterThan(0)
    expect(replayed.snapshot.context).toEqual({ length: 3 })
    await journal.close()
  })
})
