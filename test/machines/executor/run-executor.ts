/** A run of the executor machine on a clock of its own, and the events that it takes. */
import type { Effect } from '../../../src/journal/core/outbox.ts'
import { createMemoryJournal } from '../../../src/journal/journal.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import { executorMachine } from '../../../src/machines/executor/executor.ts'
import type {
  ExecutorInput,
  ExecutorMachineEvent,
  StampedUpdate,
} from '../../../src/machines/executor/events.ts'
import type { HostOutcome, RunReport } from '../../../src/machines/task-run/run-report.ts'
import { createManualClock } from '../../../src/testing/manual-clock.ts'

export const input: ExecutorInput = {
  checkpoint: false,
  recoveryTimeoutMs: 60_000,
  shutdownGraceMs: 5000,
  seedUris: [],
  maxAttempts: 3,
  concurrency: 4,
}
export const subscribed: ExecutorMachineEvent = { type: 'agent.subscribed' }
export const good: HostOutcome = { ok: true, message: 'done', report: { version: 1 } }
export const installed = { setId: 's', folder: '/s', classPath: ['/s/a.jar'] }

export function launch(taskId: string, setId?: string): ExecutorMachineEvent {
  const librarySet = { id: setId ?? '', manifestUri: `http://jars/sets/${setId}.json` }
  const work = { kind: 'shell' as const, command: 'true' }
  const payload = { version: 1 as const, work, maxResultBytes: 10 }
  return {
    type: 'task.launched',
    task: {
      taskId,
      info: { name: taskId },
      payload: setId === undefined ? payload : { ...payload, librarySet },
      killGraceMs: 3000,
    },
  }
}

export const shutdown = {
  type: 'shutdown.requested',
  message: 'bye',
  exitStatus: 0,
} as const

/** A task of the group `g`. */
export function grouped(taskId: string): ExecutorMachineEvent {
  const event = launch(taskId)
  if (event.type !== 'task.launched') throw new Error('no launch')
  return { ...event, task: { ...event.task, groupId: 'g' } }
}

export const lost = (more: object = {}): ExecutorMachineEvent => ({
  type: 'agent.lost',
  message: 'gone',
  busy: false,
  retryable: true,
  retryDelayMs: 100,
  ...more,
})

/** A run whose reports are stamped as by the executor. */
export function run(options: Partial<ExecutorInput> = {}) {
  const effects: Effect[] = []
  const journal = createMemoryJournal<ExecutorMachineEvent>(0)
  const clock = createManualClock()
  const runtime = createRuntime(executorMachine, {
    input: { ...input, ...options },
    journal,
    clock,
  })
  runtime.effect$.subscribe((effect) => {
    effects.push(effect)
    if (effect.type !== 'fx.report') return
    const update = { ...(effect.params as RunReport), uuid: effect.key, timestampMs: clock.now() }
    runtime.dispatch({ type: 'update.stamped', update })
  })
  runtime.start()
  return {
    runtime,
    journal,
    tell: (...events: readonly ExecutorMachineEvent[]) => events.forEach(runtime.dispatch),
    wait: (ms: number) => clock.advance(ms),
    /** The effects of this type since the last call. */
    take: (type: string) =>
      effects.splice(0).flatMap((effect) => (effect.type === type ? [effect.params] : [])),
    get updates(): readonly StampedUpdate[] {
      return runtime.snapshot.context.updates
    },
    acknowledge(taskId: string) {
      for (const { uuid } of this.updates.filter((update) => update.taskId === taskId)) {
        runtime.dispatch({ type: 'update.acknowledged', taskId, uuid })
      }
    },
    get children(): readonly string[] {
      return Object.keys(runtime.snapshot.children)
    },
  }
}

/** The set is installed. */
export const ready = (setId: string): ExecutorMachineEvent[] => [
  { type: 'manifest.fetched', setId, entries: [] },
  { type: 'set.installed', setId, installed: { ...installed, setId } },
]
