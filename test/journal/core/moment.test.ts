import { expect, it } from 'vitest'
import { assign, sendTo, setup } from 'xstate'
import type { ActorRefFrom } from 'xstate'
import { createCore } from '../../../src/journal/core/core.ts'
import { prepareMachine } from '../../../src/journal/core/prepare.ts'

const lamp = setup({}).createMachine({
  id: 'lamp',
  initial: 'off',
  states: { off: { on: { press: 'on' } }, on: { after: { 1000: 'off' } } },
})

interface Context {
  readonly lamp: ActorRefFrom<typeof lamp> | undefined
  readonly presses: number
}

const house = setup({
  types: { context: {} as Context, events: {} as { type: 'press' | 'fail' } },
  actors: { lamp },
}).createMachine({
  id: 'house',
  context: ({ spawn }) => ({ lamp: spawn('lamp', { id: 'lamp' }), presses: 0 }),
  on: {
    press: {
      actions: [
        assign({ presses: ({ context }) => context.presses + 1 }),
        sendTo('lamp', { type: 'press' }),
      ],
    },
    fail: {
      actions: () => {
        throw new Error('no')
      },
    },
  },
})

function start() {
  const core = createCore(house, { input: undefined, startMs: 0 })
  core.start()
  return core
}

function copyOf(core: ReturnType<typeof start>) {
  const copy = createCore(house, { input: undefined, startMs: 0, moment: core.moment() })
  copy.start()
  return copy
}

const press = { type: 'press' } as const

it('continues as the machine that the moment was taken from', () => {
  const core = start()
  core.apply({ seq: 1, now: 10, event: press })
  const copy = copyOf(core)
  expect(copy.serialize()).toBe(core.serialize())
  for (const machine of [core, copy]) machine.apply({ seq: 2, now: 2000 })
  expect(copy.serialize()).toBe(core.serialize())
})

it('leaves the other machine alone, though its context names an actor', () => {
  const core = start()
  const before = core.serialize()
  copyOf(core).apply({ seq: 1, now: 0, event: press })
  expect(core.serialize()).toBe(before)
})

it('keeps a moment while the machine moves on', () => {
  const core = start()
  const moment = core.moment()
  core.apply({ seq: 1, now: 0, event: press })
  expect(moment.tree.snapshots.map((snapshot) => (snapshot as { value?: unknown }).value)).toEqual([
    {},
    'off',
  ])
})

it('knows the entry that set a timer, in copies and after a rejection', () => {
  const core = start()
  core.apply({ seq: 7, now: 0, event: press })
  const copy = copyOf(core)
  copy.apply({ seq: 8, now: 0, event: { type: 'fail' } })
  expect(copy.moment().timers.map(({ setBy }) => setBy)).toEqual([7])
})

it('collects the effects of each core for itself, though they share the machine', () => {
  const bell = setup({ actions: { 'fx.ring': () => undefined } }).createMachine({
    id: 'bell',
    on: { press: { actions: 'fx.ring' } },
  })
  const prepared = prepareMachine(bell, false)
  const cores = [1, 2].map(() => createCore(bell, { input: undefined, startMs: 0, prepared }))
  for (const core of cores) core.start()
  const counts = cores.map((core) => core.apply({ seq: 1, now: 0, event: press }).effects.length)
  expect(counts).toEqual([1, 1])
})

it('continues after any number of rejections', () => {
  const core = start()
  for (let seq = 1; seq <= 2000; seq++) core.apply({ seq, now: 0, event: { type: 'fail' } })
  core.apply({ seq: 2001, now: 0, event: press })
  expect(core.snapshot.context.presses).toBe(1)
})
