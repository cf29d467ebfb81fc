import { expect, it } from 'vitest'
import { assign, setup } from 'xstate'
import type { EventObject } from 'xstate'
import type { ReplayApp } from '../../../src/inspector/replay-app/open-replay-app.ts'
import { appOf, entriesOf } from '../support/golden.ts'

const keeper = setup({
  types: { context: {} as { readonly kept: readonly unknown[] } },
}).createMachine({
  id: 'keeper',
  context: { kept: [] },
  on: {
    '*': {
      guard: ({ event }) => JSON.stringify(event).length > 0,
      actions: assign({ kept: ({ context, event }) => [...context.kept, event] }),
    },
  },
})

function nested(levels: number): unknown {
  let value: unknown = 0
  for (let level = 0; level < levels; level++) value = { value }
  return value
}

const hostile: readonly EventObject[] = [
  {
    type: '<img src=x onerror=alert(1)>',
    name: '</script><script>alert(1)</script>',
  } as EventObject,
  { type: 'x'.repeat(1_000_000) },
  { type: 'long', text: 'y'.repeat(2_000_000) } as EventObject,
  {
    type: 'wide',
    rows: Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [n, n])),
  } as EventObject,
  { type: 'deep', value: nested(2000) } as EventObject,
  { type: 'names', ...JSON.parse('{"__proto__":{"isAdmin":true},"constructor":1}') } as EventObject,
]

const maxAnswerChars = 1_500_000

/** Everything that a page asks about an entry. */
function answersOf(app: ReplayApp, seq: number): readonly unknown[] {
  return [
    app.rows({ from: seq, count: 1 }),
    app.moment({ seq }),
    app.context({ seq, actor: 'keeper', path: [] }),
    app.context({ seq, actor: 'keeper', path: ['kept'] }),
    app.step({ seq }),
    app.lanes({ from: seq, to: seq }),
  ]
}

it('answers briefly, whatever the entries contain', async () => {
  const journal = {
    machine: keeper,
    input: undefined,
    startedAt: 0,
    entries: entriesOf(...hostile),
  }
  const app = appOf(journal)
  for (const [index] of hostile.entries()) {
    for (const answer of await Promise.all(answersOf(app, index + 1))) {
      expect(JSON.stringify(answer).length).toBeLessThan(maxAnswerChars)
    }
  }
  expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false)
  expect(await app.find({ filter: { text: 'onerror' } })).toMatchObject({ seqs: [1] })
  expect(await app.find({ filter: { text: '(a*)*$y{9}', isRegex: true } })).toBeDefined()
  app.close()
})

it('shows what comes before an entry that cannot be read, and says so', async () => {
  const [first, , third] = entriesOf({ type: 'a' }, { type: 'b' }, { type: 'c' })
  const entries = [first, third].filter((entry) => entry !== undefined)
  const app = appOf({ machine: keeper, input: undefined, startedAt: 0, entries })
  expect((await app.rows({ from: 0, count: 9 })).map(({ type }) => type)).toEqual(['start', 'a'])
  expect(await app.moment({ seq: 1 })).toMatchObject({ seq: 1 })
  expect(app.info().notes).toEqual(['entries after 1: entry 3 is out of order'])
  app.close()
})

it('keeps an entry that is too deep to be written again', async () => {
  const deep = { type: 'deep', value: nested(20_000) }
  const others = Array.from({ length: 300 }, () => ({ type: 'other' }))
  const entries = entriesOf(deep, ...others)
  const app = appOf({ machine: keeper, input: undefined, startedAt: 0, entries })
  expect(await app.rows({ from: 1, count: 2 })).toMatchObject([{ type: 'deep' }, { type: 'other' }])
  app.close()
})
