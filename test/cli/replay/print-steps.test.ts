import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { printSteps } from '../../../src/cli/replay/print-steps.ts'
import type { ReplayFlags } from '../../../src/cli/replay/print-steps.ts'

type Run = Parameters<typeof printSteps>[0]

let shown: string[]

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
  shown = []
})
afterEach(() => vi.useRealTimers())

/** Entries 0 to 3, recorded at 1000, 1100, 1400 and 900 ms: somebody set the clock. */
function runOf(flags: ReplayFlags, signal?: AbortSignal): Run {
  const steps = [1000, 1100, 1400, 900].map((now, seq) => {
    return { seq, now, changes: [], effects: [], rejections: [], mismatches: [], checks: 1 }
  })
  const replay = {
    [Symbol.iterator]: () => steps[Symbol.iterator](),
    snapshot: 's',
    hash: () => 'h',
  }
  const view = { step: ({ seq }: { readonly seq: number }) => [`${seq} at ${Date.now()}`] }
  const writer = {
    isOpen: true,
    write: (line: string) => void shown.push(line),
    flush: () => Promise.resolve(),
  }
  return { path: 'run-1', journal: { replay }, flags, view, writer, signal } as unknown as Run
}

describe('printSteps', () => {
  it('prints all entries at once without a speed', async () => {
    expect(await printSteps(runOf({}))).toMatchObject({ seq: 3, checks: 4, hash: 'h' })
    expect(shown).toEqual(['0 at 0', '1 at 0', '2 at 0', '3 at 0'])
  })

  it.each([
    [1, ['0 at 0', '1 at 100', '2 at 400', '3 at 400']],
    [10, ['0 at 0', '1 at 10', '2 at 40', '3 at 40']],
    [0.5, ['0 at 0', '1 at 200', '2 at 800', '3 at 800']],
  ])('keeps the recorded time at speed %d', async (speed, lines) => {
    const end = printSteps(runOf({ speed }))
    await vi.advanceTimersByTimeAsync(800)
    expect(await end).toMatchObject({ seq: 3 })
    expect(shown).toEqual(lines)
  })

  it('starts its clock with the first entry that it prints', async () => {
    const end = printSteps(runOf({ speed: 1, from: 1 }))
    await vi.advanceTimersByTimeAsync(300)
    await end
    expect(shown).toEqual(['1 at 0', '2 at 300', '3 at 300'])
  })

  it('ends a wait when it is stopped', async () => {
    const stopping = new AbortController()
    const end = printSteps(runOf({ speed: 0.001 }, stopping.signal))
    await vi.advanceTimersByTimeAsync(50)
    stopping.abort()
    expect(await end).toBeUndefined()
    expect(shown).toEqual(['0 at 0'])
  })
})
