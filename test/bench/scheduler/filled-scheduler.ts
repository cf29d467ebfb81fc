/** Schedulers with many tasks, to send events to. */
import { createActor } from 'xstate'
import { createMemoryJournal } from '../../../src/journal/journal.ts'
import type { Journal } from '../../../src/journal/journal.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import type { SchedulerInput } from '../../../src/machines/scheduler/input.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import type { TaskState } from '../../../src/mesos/types.generated.ts'
import { offer, status } from '../../support/mesos/mesos-data.ts'

export type Send = (event: SchedulerInboxEvent) => void

/** Something that runs a scheduler, until it is stopped. */
export interface BenchedScheduler {
  readonly send: Send
  stop(): void
}

const input = { framework: { user: 'u', name: 'n' }, hasLibraries: false, timeoutMs: 60_000 }
/** In one ACCEPT at most. */
const tasksPerOffer = 500

/** Through the gateway, registered. The journal keeps nothing: what is measured is the gateway. */
export function startGateway(more: Partial<SchedulerInput> = {}): BenchedScheduler {
  const journal: Journal<SchedulerInboxEvent> = {
    ...createMemoryJournal<SchedulerInboxEvent>(),
    append: () => undefined,
  }
  const runtime = createRuntime(schedulerMachine, { input: { ...input, ...more }, journal })
  runtime.start()
  runtime.dispatch(registered)
  return { send: runtime.dispatch, stop: () => runtime.stop() }
}

/** A bare actor of the same machine, registered. */
export function startActor(): BenchedScheduler {
  const actor = createActor(schedulerMachine, { input }).start()
  actor.send(registered)
  return { send: (event) => actor.send(event), stop: () => actor.stop() }
}

const registered = { type: 'mesos.subscribed', frameworkId: 'f1' } as const

/** Submits `count` tasks: each request an object of its own, as from a caller. */
export function submitTasks({ send }: BenchedScheduler, count: number): void {
  for (let first = 0; first < count; first += tasksPerOffer) {
    const requests = Array.from({ length: Math.min(tasksPerOffer, count - first) }, (_, index) =>
      copyOf({
        id: `task-${first + index}`,
        work: { kind: 'shell', command: 'true' } as const,
        resources: { cpus: 0.001, memMb: 1 },
      }),
    )
    send({ type: 'task.submit', requests })
  }
}

/** Launches `count` waiting tasks, as many in one ACCEPT as it takes. */
export function launchTasks({ send }: BenchedScheduler, count: number): void {
  for (let round = 0; round < Math.ceil(count / tasksPerOffer); round++)
    send({ type: 'mesos.offers', offers: [offer(`o${round}`, { cpus: 1000, memMb: 100_000 })] })
}

/** One update of each of the first `count` tasks. */
export function updateTasks({ send }: BenchedScheduler, count: number, state: TaskState): void {
  for (let index = 0; index < count; index++) send(copyOf(updateOf(`task-${index}`, state)))
}

/** Updates of 1,000 tasks, each saying something new: in turn all of them run, and all start. */
export function createUpdates({ send }: BenchedScheduler, tasks: number): (count: number) => void {
  const updated = Math.min(1000, tasks)
  let sent = 0
  return (count) => {
    for (let index = 0; index < count; index++, sent++) {
      const state = Math.floor(sent / updated) % 2 === 0 ? 'TASK_RUNNING' : 'TASK_STARTING'
      send(updateOf(`task-${(sent * 7) % updated}`, state))
    }
  }
}

function updateOf(taskId: string, state: TaskState) {
  const agent = { agentId: { value: 'a1' }, uuid: 'AAAAAAAAAAAAAAAAAAAAAA==' }
  return { type: 'mesos.update', status: status(taskId, state, agent) } as const
}

/** As decoded: no text or object is shared. */
function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}
