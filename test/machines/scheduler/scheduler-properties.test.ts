import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { setsOf, taskTableOf } from '../../../src/machines/scheduler/components.ts'
import type { LibrarySet } from '../../../src/domain/libraries/library.ts'
import { entriesOf, getFrom, valuesOf } from '../../../src/domain/persistent-map.ts'
import { launchIdOf } from '../../../src/domain/tasks/task-request.ts'
import { tasksOf } from '../../../src/machines/scheduler/tasks/table/task-table.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import type { SchedulerPolicy } from '../../../src/machines/scheduler/input.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import type { SchedulerCall } from '../../../src/mesos/types.generated.ts'
import { createManualClock } from '../../../src/testing/manual-clock.ts'
import { schedulerEvent } from '../../support/machines/scheduler-events.ts'

const policy: fc.Arbitrary<SchedulerPolicy> = fc.record({
  offerHoldMs: fc.constantFrom(0, 1000),
  inverseOffers: fc.constantFrom('accept', 'decline', 'move', 'ask'),
  unknownTasks: fc.constantFrom('report', 'kill'),
  reconcileEveryMs: fc.constant(4000),
  revives: fc.constant({ burst: 1, refillMs: 5000 }),
})
/** What ends a run is left out: most runs would be over before anything can go wrong in them. */
const lively = schedulerEvent.filter(
  (event) =>
    !['framework.stop', 'framework.drain', 'jarServer.failed', 'mesos.error'].includes(
      event.type,
    ) &&
    (event.type !== 'call.failed' || event.code !== 'NOT_SUBSCRIBED'),
)
const steps = fc.array(
  fc.record({ event: lively, waitMs: fc.constantFrom(0, 0, 1, 400, 1000, 6000) }),
  { maxLength: 80 },
)

const subscribed: SchedulerInboxEvent = { type: 'mesos.subscribed', frameworkId: 'f1' }

interface Moment {
  readonly event?: SchedulerInboxEvent
  readonly call?: SchedulerCall
  readonly at: number
}

/** Everything that came in and went out, in order; each offer with an id of its own, as a master gives them. */
function run(
  rules: SchedulerPolicy,
  list: readonly { readonly event: SchedulerInboxEvent; readonly waitMs: number }[],
) {
  const clock = createManualClock()
  const moments: Moment[] = []
  const released: { readonly stillNeeded: boolean }[] = []
  const runtime = createRuntime(schedulerMachine, {
    input: {
      framework: { user: 'u', name: 'n' },
      hasLibraries: false,
      timeoutMs: 600_000,
      policy: rules,
    },
    clock,
  })
  runtime.effect$.subscribe(({ type, params }) => {
    if (type === 'fx.call') moments.push({ call: params as SchedulerCall, at: clock.now() })
    if (type !== 'fx.releaseSets') return
    const libraries = setsOf(runtime.snapshot)
    const tasks = taskTableOf(runtime.snapshot)
    for (const { id } of (params as { sets: readonly LibrarySet[] }).sets)
      released.push({
        stillNeeded: libraries.current === id || getFrom(tasks.setUses, id) !== undefined,
      })
  })
  runtime.start()
  let count = 0
  /** Offers get new ids, rescinds are about the last of them, and a subscription follows whatever ends one. */
  function realistic(drawn: SchedulerInboxEvent): readonly SchedulerInboxEvent[] {
    if (drawn.type === 'mesos.offers') {
      const offers = drawn.offers.map((offer) => ({ ...offer, id: { value: `o${count++}` } }))
      return [{ ...drawn, offers }]
    }
    if (drawn.type === 'mesos.rescind') return [{ ...drawn, offerId: `o${count - 1}` }]
    if (drawn.type === 'connection.lost' || drawn.type === 'process.restarted')
      return [drawn, subscribed]
    return [drawn]
  }
  const events = list.flatMap(({ event, waitMs }) =>
    realistic(event).map((real, index) => ({ event: real, waitMs: index === 0 ? waitMs : 0 })),
  )
  for (const { event, waitMs } of [{ event: subscribed, waitMs: 0 }, ...events]) {
    moments.push({ event, at: clock.now() })
    runtime.dispatch(event)
    clock.advance(waitMs)
  }
  return { clock, runtime, moments, released }
}

function answeredBy(call: SchedulerCall | undefined): readonly string[] {
  if (call?.type === 'ACCEPT') return call.accept.offerIds?.map(({ value }) => value) ?? []
  if (call?.type === 'DECLINE') return call.decline.offerIds?.map(({ value }) => value) ?? []
  return []
}

/** Ids of tasks as Mesos knows them, one for each KILL. */
function killedIn(moments: readonly Moment[]): readonly string[] {
  return moments.flatMap(({ call }) => (call?.type === 'KILL' ? call.kill.taskId.value : []))
}

function counted(ids: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const id of ids) counts[id] = (counts[id] ?? 0) + 1
  return counts
}

describe('random scheduler runs', () => {
  it('answer each offer once at most, and none that was rescinded or is of the past', () => {
    fc.assert(
      fc.property(policy, steps, (rules, list) => {
        const open = new Set<string>()
        for (const { event, call } of run(rules, list).moments) {
          if (event?.type === 'mesos.offers') for (const { id } of event.offers) open.add(id.value)
          if (event?.type === 'mesos.rescind') open.delete(event.offerId)
          if (event?.type === 'connection.lost' || event?.type === 'process.restarted') open.clear()
          for (const id of answeredBy(call)) expect(open.delete(id)).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('keep each library set exactly until nothing needs it', () => {
    fc.assert(
      fc.property(policy, steps, (rules, list) => {
        const { runtime, released } = run(rules, list)
        const libraries = setsOf(runtime.snapshot)
        const tasks = taskTableOf(runtime.snapshot)
        const needed = [...tasksOf(tasks)].flatMap(({ librarySetId }) => librarySetId ?? [])
        const known = Array.from(valuesOf(libraries.sets), ({ id }) => id)
        const current = libraries.current === undefined ? [] : [libraries.current]
        expect(new Set(known)).toEqual(new Set([...needed, ...current]))
        expect(Object.fromEntries(entriesOf(tasks.setUses))).toEqual(counted(needed))
        for (const { stillNeeded } of released) expect(stillNeeded).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  it('hold no offer longer than asked', () => {
    fc.assert(
      fc.property(policy, steps, (rules, list) => {
        const since = new Map<string, number>()
        for (const { event, call, at } of run(rules, list).moments) {
          if (event?.type === 'mesos.offers')
            for (const { id } of event.offers) since.set(id.value, at)
          for (const id of answeredBy(call))
            expect(at - (since.get(id) ?? 0)).toBeLessThanOrEqual(rules.offerHoldMs ?? 0)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('make no call while they are not subscribed', () => {
    const own = ['KILL', 'REVIVE', 'SUPPRESS', 'RECONCILE', 'RECONCILE_OPERATIONS']
    fc.assert(
      fc.property(policy, steps, (rules, list) => {
        let isSubscribed = false
        for (const { event, call } of run(rules, list).moments) {
          if (event?.type === 'mesos.subscribed') isSubscribed = true
          if (event?.type === 'connection.lost' || event?.type === 'process.restarted')
            isSubscribed = false
          if (call !== undefined && own.includes(call.type)) expect(isSubscribed).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('revive no more often than the bucket allows', () => {
    fc.assert(
      fc.property(policy, steps, (rules, list) => {
        const revives = run(rules, list).moments.filter(({ call }) => call?.type === 'REVIVE')
        for (const [index, { at }] of revives.entries()) {
          const earlier = revives[index - 1]?.at
          if (earlier !== undefined) expect(at - earlier).toBeGreaterThanOrEqual(5000)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('repeat each KILL until its task is over, once subscribed', () => {
    fc.assert(
      fc.property(policy, steps, (rules, list) => {
        const { clock, runtime, moments } = run(rules, list)
        runtime.dispatch(subscribed)
        if (!['serving', 'draining'].some((state) => runtime.snapshot.matches(state as never)))
          return
        const before = killedIn(moments)
        clock.advance(70_000)
        const repeated = killedIn(moments).slice(before.length)
        const dying = [...tasksOf(taskTableOf(runtime.snapshot))].filter(
          ({ state }) => state === 'killing',
        )
        // Mesos may kill a task that nobody asked it to kill: one that took too long, say.
        const byMesos = moments.flatMap(({ event }) =>
          event?.type === 'mesos.update' && event.status.state === 'TASK_KILLING'
            ? event.status.taskId.value
            : [],
        )
        for (const { request, attempt } of dying) {
          const launchId = launchIdOf(request.id, attempt)
          expect([...before, ...byMesos]).toContain(launchId)
          if (before.includes(launchId)) expect(repeated).toContain(launchId)
        }
      }),
      { numRuns: 200 },
    )
  })
})
