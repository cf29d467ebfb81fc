import { NEVER, Subject, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { performEffects } from '../../src/executor/performer.ts'
import type { Performers } from '../../src/executor/performer.ts'
import type { Effect } from '../../src/journal/core/outbox.ts'
import { downloaderMachine } from '../../src/machines/downloader/downloader.ts'
import type { ExecutorMachineEvent } from '../../src/machines/executor/events.ts'
import { executorMachine } from '../../src/machines/executor/executor.ts'
import { taskRunMachine } from '../../src/machines/task-run/task-run.ts'

const effects: Record<keyof Performers, true> = {
  'fx.cancelFetches': true,
  'fx.exit': true,
  'fx.fetchLibrary': true,
  'fx.fetchManifest': true,
  'fx.installSet': true,
  'fx.killHost': true,
  'fx.message': true,
  'fx.releaseSet': true,
  'fx.report': true,
  'fx.sendUpdate': true,
  'fx.startHost': true,
  'fx.startProbes': true,
  'fx.stopProbes': true,
  'fx.subscribe': true,
}
const subscribed: ExecutorMachineEvent = { type: 'agent.subscribed' }

/** Performers that never emit, except for `some`. */
function run(some: Partial<Performers>) {
  const silent = Object.fromEntries(Object.keys(effects).map((type) => [type, () => NEVER]))
  const effectSubject = new Subject<Pick<Effect, 'type' | 'params'>>()
  const events: ExecutorMachineEvent[] = []
  let error: unknown
  effectSubject
    .pipe(performEffects({ ...(silent as unknown as Performers), ...some }))
    .subscribe({ next: (event) => events.push(event), error: (thrown) => (error = thrown) })
  return { effectSubject, events, errorOf: () => error }
}

describe('performEffects', () => {
  it('has a performer for every effect of the machines, and no others', () => {
    const machines = [executorMachine, downloaderMachine, taskRunMachine]
    const named = machines.flatMap(({ implementations }) => Object.keys(implementations.actions))
    const unique = new Set(named.filter((name) => name.startsWith('fx.')))
    expect([...unique].toSorted()).toEqual(Object.keys(effects))
  })

  it('emits the events of all streams as they come', () => {
    const agentSubject = new Subject<ExecutorMachineEvent>()
    const shutdown = { type: 'shutdown.requested', message: 'bye', exitStatus: 0 } as const
    const { effectSubject, events } = run({
      'fx.subscribe': () => agentSubject,
      'fx.exit': () => of(shutdown),
    })
    effectSubject.next({ type: 'fx.subscribe', params: {} })
    effectSubject.next({ type: 'fx.exit', params: {} })
    agentSubject.next(subscribed)
    expect(events).toEqual([shutdown, subscribed])
  })

  it('waits for the event of a promise', async () => {
    const { effectSubject, events } = run({
      'fx.fetchManifest': () => Promise.resolve([]) as never,
    })
    effectSubject.next({ type: 'fx.fetchManifest', params: {} })
    expect(events).toEqual([])
    await Promise.resolve()
    expect(events).toHaveLength(1)
  })

  it.each(['fx.unheardOf', 'fx.constructor'] as const)('fails for the effect %s', (type) => {
    const { effectSubject, errorOf } = run({})
    effectSubject.next({ type, params: {} })
    expect(errorOf()).toEqual(new Error(`nothing performs the effect ${type}`))
  })
})
