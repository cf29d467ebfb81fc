/** Runs of the scheduler to look at: recorded ones, and one that goes on. */
import { createTransientJournal } from '../../../src/journal/journal.ts'
import type { Journal } from '../../../src/journal/journal.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import { openFileJournal } from '../../../src/journal/writer/file-journal.ts'
import { fingerprintOf } from '../../../src/journal/core/state-hash.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import { offer, status } from '../../support/mesos/mesos-data.ts'

export const input = {
  framework: { user: 'u', name: 'n' },
  hasLibraries: false,
  timeoutMs: 60_000,
}

export function startRun(journal: Journal<SchedulerInboxEvent> = createTransientJournal()) {
  const runtime = createRuntime(schedulerMachine, { input, journal })
  return { runtime, begin: () => begin(runtime) }
}

export type Run = ReturnType<typeof startRun>['runtime']

/** Registers, and launches 1,000 tasks. */
function begin(runtime: Run): void {
  runtime.start()
  runtime.dispatch({ type: 'mesos.subscribed', frameworkId: 'f1' })
  runtime.dispatch({
    type: 'task.submit',
    requests: Array.from({ length: 1000 }, (_, index) => ({
      id: `task-${index}`,
      work: { kind: 'shell', command: 'true' } as const,
      resources: { cpus: 0.001, memMb: 1 },
    })),
  })
  runtime.dispatch({ type: 'mesos.offers', offers: [offer('o1', { cpus: 1000, memMb: 9999 })] })
}

/** A status update of one of the tasks. */
function update(index: number): SchedulerInboxEvent {
  const state = Math.floor(index / 1000) % 2 === 0 ? 'TASK_RUNNING' : 'TASK_STARTING'
  return {
    type: 'mesos.update',
    status: status(`task-${(index * 7) % 1000}`, state, {
      agentId: { value: 'a1' },
      uuid: 'AAAAAAAAAAAAAAAAAAAAAA==',
    }),
  }
}

/** Writes a journal of about so many entries. */
export async function record(folder: string, entries: number): Promise<void> {
  const fingerprint = fingerprintOf(schedulerMachine)
  const header = { machine: 'scheduler', version: '1', fingerprint, package: 'bench', input }
  const journal = await openFileJournal<SchedulerInboxEvent>(folder, { header })
  const { runtime, begin: prepare } = startRun(journal)
  prepare()
  await dispatchAll(runtime, entries)
  runtime.stop()
  await journal.close()
}

/** Dispatches so many updates as fast as the run takes them. */
export async function dispatchAll(runtime: Run, count: number): Promise<void> {
  const from = runtime.moment()?.seq ?? 0
  for (let index = 0; index < count; index += 1) {
    runtime.dispatch(update(index))
    if (index % 512 === 511) await turn()
  }
  while ((runtime.moment()?.seq ?? 0) < from + count) await turn()
}

/** Dispatches at a steady rate for a while; returns the rate at which entries were applied. */
export async function dispatchAt(runtime: Run, perSecond: number, ms: number): Promise<number> {
  const from = runtime.moment()?.seq ?? 0
  const startedAt = performance.now()
  let index = 0
  while (performance.now() - startedAt < ms) {
    const due = ((performance.now() - startedAt) / 1000) * perSecond
    // As events come from a socket: what is late comes with the next turns.
    for (let burst = 0; index < due && burst < 512; burst += 1) runtime.dispatch(update(index++))
    await turn()
  }
  const applied = (runtime.moment()?.seq ?? 0) - from
  return applied / ((performance.now() - startedAt) / 1000)
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
