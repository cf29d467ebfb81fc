import { describe, expect, it } from 'vitest'
import type {
  AnyActorRef,
  AnyMachineSnapshot,
  AnyTransitionDefinition,
  InspectionEvent,
} from 'xstate'
import { evaluateGuard } from 'xstate/guards'
import { consider } from '../../../src/inspector/recording/considered.ts'
import { transitionKeyOf } from '../../../src/inspector/transition-key.ts'
import { createCore } from '../../../src/journal/core/core.ts'
import { appOf, goldenJournals } from '../support/golden.ts'

type Microstep = Extract<InspectionEvent, { type: '@xstate.microstep' }>

/** Calls `check` with each microstep that XState takes, and the state before it. */
function createWatch(check: (step: Microstep, before: AnyMachineSnapshot) => void) {
  const inside = new Map<unknown, AnyMachineSnapshot>()
  return (event: InspectionEvent) => {
    if (event.type === '@xstate.snapshot') inside.delete(event.actorRef)
    if (event.type !== '@xstate.microstep' || event.event.type === 'xstate.stop') return
    const before = inside.get(event.actorRef) ?? snapshotOf(event.actorRef as AnyActorRef)
    inside.set(event.actorRef, event.snapshot as AnyMachineSnapshot)
    if (before !== undefined) check(event, before)
  }
}

/** Undefined while the actor is made. */
function snapshotOf(actor: AnyActorRef): AnyMachineSnapshot | undefined {
  try {
    return actor.getSnapshot() as AnyMachineSnapshot
  } catch {
    return undefined
  }
}

function transitionsOf({ _nodes }: AnyMachineSnapshot) {
  const all = _nodes.flatMap(({ transitions, always = [] }) => [
    ...[...transitions.values()].flat(),
    ...always,
  ])
  return new Map(all.map((one) => [transitionKeyOf(one), one as AnyTransitionDefinition]))
}

describe.each(goldenJournals())('$name', ({ machine, input, startedAt, entries }) => {
  it('takes exactly the transitions whose guards say so', () => {
    let asked = 0
    const inspect = createWatch(({ event, _transitions }, before) => {
      const isAlways = _transitions.some(({ eventType }) => eventType === '')
      const { considered, taken } = consider(before, event, isAlways ? 'always' : 'event')
      expect(taken.map(transitionKeyOf)).toEqual(_transitions.map(transitionKeyOf))
      const known = transitionsOf(before)
      for (const { transition, verdict, guard } of considered) {
        const found = known.get(transition)
        expect(found, transition).toBeDefined()
        if (guard === undefined || guard.result === 'not asked') continue
        asked += 1
        expect(guard.result).toBe(
          evaluateGuard(found?.guard as never, before.context as never, event, before),
        )
        expect(verdict).toBe(guard.result === true ? 'taken' : 'guard false')
      }
    })
    const core = createCore(machine, { input: input as never, startMs: startedAt, inspect })
    core.start()
    for (const entry of entries) core.apply(entry as never)
    expect(asked).toBeGreaterThan(0)
  })

  it('tells of every step the states that its microsteps lead to', async () => {
    const app = appOf({ machine, input, startedAt, entries })
    for (const { seq } of entries) {
      const step = await app.step({ seq })
      const { actors } = await app.moment({ seq })
      const ends = new Map(step.microsteps.map(({ actor, to }) => [actor, to]))
      if (step.rejections.length > 0) continue
      for (const { id, state, status } of actors) {
        const end = ends.get(id)
        if (end !== undefined)
          expect(end).toBe(status === 'active' ? state : `${state} (${status})`)
      }
      for (const { type, considered, from, to, entered, exited } of step.microsteps) {
        if (type === 'xstate.stop') continue
        const isTaken = considered.some(({ verdict }) => verdict === 'taken')
        if (from !== '' && !isTaken) expect(to).toBe(from)
        if (from !== '' && isTaken && from !== to)
          expect(entered.length + exited.length).toBeGreaterThan(0)
      }
    }
    app.close()
  })
})
