import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assign, setup } from 'xstate'
import { fingerprintOf } from '../../../src/journal/core/state-hash.ts'
import { followReplay } from '../../../src/journal/replay/follow-replay.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import { openFileJournal } from '../../../src/journal/writer/file-journal.ts'

const counter = setup({
  types: {} as { context: { count: number }; events: { type: 'add' } },
  actions: { add: assign({ count: ({ context }) => context.count + 1 }) },
}).createMachine({ id: 'counter', context: { count: 0 }, on: { add: { actions: 'add' } } })

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-follow-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

const openJournal = () =>
  openFileJournal<{ type: 'add' }>(folder, {
    header: {
      machine: 'counter',
      version: '1',
      fingerprint: fingerprintOf(counter),
      package: 'test@1',
    },
  })

describe('followReplay', () => {
  it('gives each entry once it is written, and ends with the writer', async () => {
    const journal = await openJournal()
    const runtime = createRuntime(counter, { input: undefined, journal })
    runtime.start()
    runtime.dispatch({ type: 'add' })
    const seen: (readonly [seq: number, count: number])[] = []
    const sums = { checks: 0, differing: 0 }
    const followed = followReplay(folder, { machine: counter, upcasters: [] }, { pollMs: 1 })
    for await (const step of followed) {
      sums.checks += step.checks
      sums.differing += step.mismatches.length
      if (step.isLate === true) continue
      seen.push([step.seq, step.snapshot.context.count])
      if (step.seq === 1) runtime.dispatch({ type: 'add' })
      if (step.seq === 2) {
        const hashes = [followed.hash(), 'wrong']
        await journal.append(hashes.map((hash) => ({ after: 2, hash })))
        runtime.dispatch({ type: 'add' })
      }
      if (step.seq === 3) {
        runtime.stop()
        await journal.close()
      }
    }
    expect(seen).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
    ])
    // Two of these, and one of the run's own, came after the step of their entry was given.
    expect(sums).toEqual({ checks: 3, differing: 1 })
    expect(followed.snapshot.context.count).toBe(3)
  })

  it('ends when it is aborted', async () => {
    const journal = await openJournal()
    const stopping = new AbortController()
    const seen: number[] = []
    const options = { signal: stopping.signal, pollMs: 10_000 }
    for await (const { seq } of followReplay(
      folder,
      { machine: counter, upcasters: [] },
      options,
    )) {
      seen.push(seq)
      stopping.abort()
    }
    expect(seen).toEqual([0])
    await journal.close()
  })
})
