import { expect, it, describe, onTestFinished } from 'vitest'
import { setup, assign } from 'xstate'
import { openReplayApp } from '../../../src/inspector/replay-app/open-replay-app.ts'
import type { ReplayApp } from '../../../src/inspector/replay-app/open-replay-app.ts'
import { openSavedApp } from '../../../src/inspector/saved/open-saved-app.ts'
import { createTransientJournal } from '../../../src/journal/journal.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import { createManualClock } from '../../../src/testing/manual-clock.ts'

const counter = setup({
  types: { context: {} as { readonly count: number }, events: {} as { readonly type: 'add' } },
}).createMachine({
  id: 'counter',
  context: { count: 0 },
  initial: 'few',
  states: {
    few: { always: { guard: ({ context }) => context.count > 2, target: 'many' } },
    many: {},
  },
  on: { add: { actions: assign({ count: ({ context }) => context.count + 1 }) } },
})

function start() {
  const runtime = createRuntime(counter, {
    input: undefined,
    clock: createManualClock(0),
    journal: createTransientJournal<{ readonly type: 'add' }>(0),
  })
  const watch = () => {
    const app = openReplayApp({
      id: 'live',
      name: 'live',
      machine: counter,
      input: undefined,
      startedAt: 0,
      entries: runtime,
      chartOf: () => {
        throw new Error('not drawn here')
      },
    })
    onTestFinished(() => app.close())
    return app
  }
  const add = (count: number) => {
    for (let index = 0; index < count; index++) runtime.dispatch({ type: 'add' })
  }
  return { runtime, watch, add }
}

/** The run as it is opened from a file. */
async function opened(app: ReplayApp): Promise<ReplayApp> {
  const { entries, ...kept } = await app.kept()
  const head = { id: 'run', name: 'run', machine: 'counter', input: undefined, startedAt: 0 }
  const text = Array.from(entries, (entry) => `${JSON.stringify(entry)}\n`).join('')
  const whole = JSON.parse(JSON.stringify({ ...head, ...kept, notes: [], charts: {} })) as never
  const saved = openSavedApp({ machine: counter, lens: undefined, answers: undefined }, whole, {
    entries: [text],
    states: [],
  })
  onTestFinished(() => saved.close())
  return saved
}

describe('keptRunOf', () => {
  it('has all entries of a run that was watched from its start', async () => {
    const { runtime, watch, add } = start()
    const app = watch()
    runtime.start()
    add(4)
    const { from, lastSeq, entries } = await app.kept()
    expect([from, lastSeq]).toEqual([undefined, 4])
    expect(Array.from(entries, ({ seq }) => seq)).toEqual([1, 2, 3, 4])
    const saved = await opened(app)
    for (const seq of [0, 2, 3, 4])
      expect(await saved.moment({ seq })).toEqual(await app.moment({ seq }))
  })

  it('has the state before the first entry that is kept', async () => {
    const { runtime, watch, add } = start()
    runtime.start()
    add(2)
    const app = watch()
    add(2)
    expect(await app.kept()).toMatchObject({ from: { seq: 2 }, lastSeq: 4 })
    const saved = await opened(app)
    expect(saved.info()).toMatchObject({ firstSeq: 2 })
    for (const seq of [2, 3, 4])
      expect(await saved.moment({ seq })).toEqual(await app.moment({ seq }))
    expect((await saved.moment({ seq: 4 })).actors).toMatchObject([{ state: 'many' }])
  })

  it('ends with the entry that was the last when it was asked for', async () => {
    const { runtime, watch, add } = start()
    const app = watch()
    runtime.start()
    add(1)
    const { entries } = await app.kept()
    add(1)
    expect(Array.from(entries, ({ seq }) => seq)).toEqual([1])
  })
})
