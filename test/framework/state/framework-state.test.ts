import { Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { stateOf } from '../../../src/framework/state/framework-state.ts'
import type { FrameworkState } from '../../../src/framework/state/framework-state.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import type { SchedulerSnapshot } from '../../../src/machines/scheduler/scheduler.ts'
import { offer, status } from '../../support/mesos/mesos-data.ts'

/** A scheduler, and what a subscriber to its state gets; `unknown` until it is started. */
function given() {
  const runtime = createRuntime(schedulerMachine, {
    input: { framework: { user: 'u', name: 'n' }, hasLibraries: false, timeoutMs: 60_000 },
  })
  let snapshot: (() => SchedulerSnapshot) | undefined
  const changes = new Subject<void>()
  const state$ = stateOf(() => snapshot?.(), changes)
  const watch = () => {
    const seen: (FrameworkState | 'complete')[] = []
    state$.subscribe({ next: (state) => seen.push(state), complete: () => seen.push('complete') })
    return seen
  }
  runtime.applied$.subscribe({
    next: () => changes.next(),
    complete: () => changes.complete(),
    error: () => undefined,
  })
  const start = () => {
    snapshot = () => runtime.snapshot
    runtime.start()
    changes.next()
  }
  return { runtime, watch, start }
}

describe('stateOf', () => {
  it('emits the latest state at subscription, and nothing before the start', () => {
    const { watch, start } = given()
    const early = watch()
    expect(early).toEqual([])
    start()
    const first = {
      life: 'running',
      isRegistered: false,
      frameworkId: undefined,
      librarySetId: undefined,
      taskCount: 0,
      pendingCount: 0,
    }
    expect([early, watch()]).toEqual([[first], [first]])
  })

  it('emits changes only', () => {
    const { watch, start, runtime } = given()
    start()
    runtime.dispatch({ type: 'mesos.subscribed', frameworkId: 'f1' })
    const seen = watch()
    const work = { kind: 'shell', command: 'x' } as const
    runtime.dispatch({ type: 'task.submit', requests: [{ id: 'a', work }] })
    runtime.dispatch({ type: 'mesos.offers', offers: [offer('o1')] })
    runtime.dispatch({ type: 'mesos.update', status: status('a', 'TASK_RUNNING') })
    runtime.dispatch({ type: 'framework.drain' })
    const counts = seen.map((state) =>
      state === 'complete' ? state : [state.life, state.pendingCount, state.taskCount],
    )
    expect(counts).toEqual([
      ['running', 0, 0],
      ['running', 1, 1],
      ['running', 0, 1],
      ['draining', 0, 1],
    ])
  })

  it('completes with the changes; late subscribers get the last state', () => {
    const { watch, start, runtime } = given()
    start()
    const seen = watch()
    runtime.stop()
    expect(seen.at(-1)).toBe('complete')
    expect(watch()).toEqual([seen[0], 'complete'])
  })
})
