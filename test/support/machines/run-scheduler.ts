/** Runs the whole scheduler in tests of its components, with the events that most of them use. */
import type { TaskRequest } from '../../../src/domain/tasks/task-request.ts'
import type { Effect } from '../../../src/journal/core/outbox.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import type { SchedulerFact, SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import type { SchedulerInput, SchedulerPolicy } from '../../../src/machines/scheduler/input.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import type { SchedulerCall } from '../../../src/mesos/types.generated.ts'
import { given } from '../../../src/testing/given.ts'
import { createManualClock } from '../../../src/testing/manual-clock.ts'
import type { offer } from '../mesos/mesos-data.ts'
import { status } from '../mesos/mesos-data.ts'
import { storyOf } from './story.ts'

export const registered = { type: 'mesos.subscribed', frameworkId: 'f1' } as const
export const lost = {
  type: 'connection.lost',
  code: 'STREAM_ENDED',
  message: 'the stream has ended',
  retryable: true,
} as const
export const serving = {
  type: 'jarServer.started',
  url: 'http://10.0.0.1:4000',
  delivery: {
    executor: {
      name: 'jarcast',
      command: { value: 'node executor.mjs' },
      resources: { cpus: 0.1 },
    },
    librarySet: { id: 'set1', manifestUri: 'http://10.0.0.1:4000/sets/set1.json' },
  },
} as const

/** Tasks of one cpu, by their ids or with more of their requests. */
export function submit(...ids: readonly (string | Partial<TaskRequest>)[]) {
  return {
    type: 'task.submit' as const,
    requests: ids.map((request): TaskRequest => ({
      id: 't1',
      work: { kind: 'shell', command: 'true' },
      resources: { cpus: 1, memMb: 32 },
      ...(typeof request === 'string' ? { id: request } : request),
    })),
  }
}

export function offers(...list: readonly ReturnType<typeof offer>[]) {
  return { type: 'mesos.offers' as const, offers: list }
}

export function update(...parts: Parameters<typeof status>) {
  return { type: 'mesos.update' as const, status: status(...parts) }
}

/** An ACCEPT that failed, with the launches in it. */
export function acceptFailed(
  outcome: 'refused' | 'unsent' | 'unknown',
  ...launchIds: readonly string[]
) {
  return { type: 'call.failed', call: 'ACCEPT', launchIds, outcome, message: 'no answer' } as const
}

/** Runs a scheduler without libraries through the events: the outcome of the last one. */
export function run(...events: readonly SchedulerInboxEvent[]) {
  return runWith({}, ...events)
}

export function runWith(
  options: Partial<Pick<SchedulerInput, 'hasLibraries' | 'remembersOutcomes'>>,
  ...events: readonly SchedulerInboxEvent[]
) {
  let effects: Effect[] = []
  let facts: SchedulerFact[] = []
  const clock = createManualClock()
  const runtime = createRuntime(schedulerMachine, {
    input: {
      framework: { user: 'u', name: 'n' },
      hasLibraries: false,
      timeoutMs: 60_000,
      ...options,
    },
    clock,
  })
  runtime.effect$.subscribe((effect) => effects.push(effect))
  runtime.fact$.subscribe((fact) => facts.push(fact))
  runtime.start()
  for (const event of events) {
    effects = []
    facts = []
    runtime.dispatch(event)
  }
  return {
    clock,
    runtime,
    get value() {
      return storyOf(runtime.snapshot)
    },
    get effects() {
      return effects.map(({ type }) => type)
    },
    get calls() {
      return effects
        .filter(({ type }) => type === 'fx.call')
        .map(({ params }) => params as SchedulerCall)
    },
    get facts() {
      return facts
    },
    params: (type: string) => effects.find((effect) => effect.type === type)?.params,
  }
}

export function typesOf(calls: readonly SchedulerCall[]): string[] {
  return calls.map(({ type }) => type)
}

/** A registered scheduler with a policy, for stories of events, states and calls. */
export function schedulerWith(policy: SchedulerPolicy = {}) {
  const framework = { user: 'u', name: 'n', roles: ['team'] }
  const input = { framework, hasLibraries: false, timeoutMs: 60_000, policy }
  return given({ input, records: [] }).when(registered)
}

export function call(type: string, more: object = {}) {
  return { type: 'fx.call' as const, params: { type, ...more } }
}
