import { describe, expect, it } from 'vitest'
import { compactJournal } from '../../../src/journal/maintenance/compact-journal.ts'
import { openFileJournal } from '../../../src/journal/writer/file-journal.ts'
import type { FileJournal } from '../../../src/journal/writer/file-journal.ts'
import { replayJournal } from '../../../src/journal/replay/replay-journal.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import { fingerprintOf } from '../../../src/journal/core/state-hash.ts'
import { schedulerHistory } from '../../../src/machines/known-machines.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import { createManualClock } from '../../../src/testing/manual-clock.ts'
import { offer, status } from '../../support/mesos/mesos-data.ts'
import { segmentsIn, temporaryFolder } from '../support/journal-folder.ts'

const input = { framework: { user: 'u', name: 'n' }, hasLibraries: false, timeoutMs: 60_000 }
const fingerprint = fingerprintOf(schedulerMachine)
const tasks = Array.from({ length: 40 }, (_, index) => `task-${index}`)

const before: readonly SchedulerInboxEvent[] = [
  { type: 'mesos.subscribed', frameworkId: 'f1' },
  {
    type: 'task.submit',
    requests: tasks.map((id) => ({ id, work: { kind: 'shell', command: 'true' } })),
  },
  { type: 'mesos.offers', offers: [offer('o1', { cpus: 100, memMb: 100_000 })] },
  ...tasks.map((id) => updateOf(id, 'TASK_RUNNING')),
]
const after: readonly SchedulerInboxEvent[] = tasks.map((id) => updateOf(id, 'TASK_FINISHED'))

function updateOf(id: string, state: 'TASK_RUNNING' | 'TASK_FINISHED'): SchedulerInboxEvent {
  return { type: 'mesos.update', status: status(id, state, { agentId: { value: 'a1' } }) }
}

function open(folder: string): Promise<FileJournal<SchedulerInboxEvent>> {
  const header = { machine: 'scheduler', version: '1', fingerprint, package: 'test', input }
  return openFileJournal(folder, { header: { ...header, createdAt: 0 }, segmentBytes: 4000 })
}

/** Goes on with the journal's run, takes these events in, and tells the state when all of them are on the disk. */
async function takeIn(
  journal: FileJournal<SchedulerInboxEvent>,
  events: readonly SchedulerInboxEvent[],
) {
  const clock = createManualClock(0)
  const runtime = createRuntime(schedulerMachine, {
    input,
    journal,
    clock,
  })
  const lastSeq = journal.lastSeq + events.length
  runtime.start()
  for (const event of events) runtime.dispatch(event)
  while (journal.lastSeq < lastSeq) await new Promise((resolve) => setImmediate(resolve))
  await new Promise((resolve) => setImmediate(resolve))
  return runtime.state()
}

describe('a compacted journal', () => {
  it('replays to the state of the whole one, and is gone on with', async () => {
    const folder = temporaryFolder()
    const journal = await open(folder)
    const state = await takeIn(journal, before)
    await journal.writeSnapshot({ seq: before.length, fingerprint, state })
    const end = await takeIn(journal, after)
    await journal.close()
    const whole = segmentsIn(folder).length
    const { firstSeq } = await compactJournal(folder, { fingerprint })
    expect(segmentsIn(folder).length).toBeLessThan(whole)
    expect(firstSeq).toBeGreaterThan(1)

    const { replay, startSeq, lastSeq } = replayJournal(folder, schedulerHistory)
    const steps = [...replay]
    expect([startSeq, lastSeq]).toEqual([before.length, before.length + after.length])
    expect(steps).toHaveLength(after.length + 1)
    expect(replay.state()).toEqual(end)

    const again = await open(folder)
    const late = tasks.map((id) => updateOf(id, 'TASK_FINISHED'))
    expect((await takeIn(again, late)).snapshot).toEqual(end.snapshot)
    await again.close()
  })
})
