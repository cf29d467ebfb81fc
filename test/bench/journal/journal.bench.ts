/** What event sourcing costs: live beside a bare actor, recovery, and opening a long journal. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createActor } from 'xstate'
import { openFileJournal } from '../../../src/journal/writer/file-journal.ts'
import type { FileJournal } from '../../../src/journal/writer/file-journal.ts'
import type { Journal } from '../../../src/journal/journal.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import { fingerprintOf } from '../../../src/journal/core/state-hash.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import { offer, status } from '../../support/mesos/mesos-data.ts'
import { costsOfEach, cpuPerUnit, rate, secondsIn, secondsOf } from '../support/measure.ts'
import type { Cost, Figure, Limit } from '../support/measure.ts'

const input = { framework: { user: 'u', name: 'n' }, hasLibraries: false, timeoutMs: 60_000 }
const header = {
  machine: 'scheduler',
  version: '1',
  fingerprint: fingerprintOf(schedulerMachine),
  package: 'bench',
  input,
}
/** Enough for the compiler of the runtime to have settled, as in a scheduler that runs for a while. */
const updates = 100_000

type Send = (event: SchedulerInboxEvent) => void

export async function* figures(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'jarcast-bench-'))
  try {
    yield* live(folder)
    yield* recovery(folder)
    for (const count of [10_000, 100_000, 1_000_000]) yield await opening(folder, count)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function* live(folder: string): AsyncGenerator<Figure> {
  let count = 0
  const journalled = async () => {
    const journal = await open(join(folder, `live-${count++}`))
    await runThrough(journal, updates)
    await journal.close()
  }
  const unjournalled = () => runThrough(undefined, updates)
  const [onDisk = [], gateway = [], bare = []] = await costsOfEach([
    journalled,
    unjournalled,
    sendBare,
  ])
  yield compared('live, group commit', updates, onDisk, ['actor.send', bare], { atLeast: 0.7 })
  const what = 'live, nothing kept, nobody inspects'
  yield compared(what, updates, gateway, ['actor.send', bare], { atLeast: 0.85 })
}

/** The same events, sent to an actor of XState that nobody watches. */
function sendBare(): void {
  const actor = createActor(schedulerMachine, { input }).start()
  const send: Send = (event) => {
    actor.send(event)
  }
  prepare(send)
  for (let index = 0; index < updates; index++) send(update(index))
  // Its timers would keep the process.
  actor.stop()
}

async function* recovery(folder: string): AsyncGenerator<Figure> {
  const journal = await open(join(folder, 'recovery'))
  await runThrough(journal, updates)
  const count = journal.lastSeq
  // Without snapshots: every entry is read, checked and applied.
  const entriesOnly: Journal<SchedulerInboxEvent> = {
    startedAt: journal.startedAt,
    lastSeq: journal.lastSeq,
    append: () => undefined,
    read: (fromSeq) => journal.read(fromSeq),
  }
  const again = () => startRuntime(entriesOnly).stop()
  const readOnly = () => {
    let seen = 0
    for (const record of journal.read(1)) seen += 'seq' in record ? 1 : 0
    return seen
  }
  const [replayed = [], read = [], bare = []] = await costsOfEach([again, readOnly, sendBare])
  await journal.close()
  yield compared('replay from disk', count, replayed, ['actor.send', bare], { atLeast: 0.85 })
  yield compared('replay from disk, beside reading', count, replayed, ['reading alone', read])
}

/** Rates of entries, with the CPU time of each. */
function compared(
  what: string,
  count: number,
  own: readonly Cost[],
  [name, peer]: readonly [name: string, costs: readonly Cost[]],
  limit?: Limit,
): Figure {
  const peerSeconds = [name, secondsIn(peer)] as const
  const figure = rate(what, count, secondsIn(own), 'entries/s', peerSeconds, limit)
  return { ...figure, ...cpuPerUnit(count, own, peer) }
}

async function opening(folder: string, count: number): Promise<Figure> {
  const path = join(folder, `open-${count}`)
  const journal = await open(path)
  await runThrough(journal, count)
  await journal.close()
  const seconds = await secondsOf(async () => {
    const opened = await open(path)
    startRuntime({ ...kept(opened), append: () => undefined }).stop()
    await opened.close()
  })
  const size = { of: 'entries', count }
  return { case: `start again with a snapshot, ${count} entries`, value: seconds, unit: 's', size }
}

function open(folder: string): Promise<FileJournal<SchedulerInboxEvent>> {
  return openFileJournal<SchedulerInboxEvent>(folder, { header })
}

function kept(journal: FileJournal<SchedulerInboxEvent>): Journal<SchedulerInboxEvent> {
  const { startedAt, lastSeq } = journal
  return {
    startedAt,
    lastSeq,
    append: (records) => journal.append(records),
    read: (fromSeq) => journal.read(fromSeq),
    readSnapshot: (fingerprint) => journal.readSnapshot(fingerprint),
    writeSnapshot: (snapshot) => journal.writeSnapshot(snapshot),
  }
}

function startRuntime(
  journal: Journal<SchedulerInboxEvent> | undefined,
  onApplied?: (seq: number) => void,
) {
  const runtime = createRuntime(schedulerMachine, {
    input,
    journal,
  })
  runtime.effect$.subscribe(({ key }) => onApplied?.(Number.parseInt(key, 10)))
  runtime.start()
  return runtime
}

/** Registers, launches 1,000 tasks and takes in so many updates, as fast as the journal takes them. */
async function runThrough(
  journal: Journal<SchedulerInboxEvent> | undefined,
  count: number,
): Promise<void> {
  const applied = { seq: 0 }
  const runtime = startRuntime(journal, (seq) => (applied.seq = seq))
  prepare(runtime.dispatch)
  for (let index = 0; index < count; index++) {
    runtime.dispatch(update(index))
    // As events come from a socket: many per turn of the event loop, and never more than the loop can carry.
    if (index % 512 === 511) await new Promise((resolve) => setImmediate(resolve))
  }
  while (applied.seq < count) await new Promise((resolve) => setImmediate(resolve))
  runtime.stop()
}

function prepare(send: Send): void {
  send({ type: 'mesos.subscribed', frameworkId: 'f1' })
  send({
    type: 'task.submit',
    requests: Array.from({ length: 1000 }, (_, index) => ({
      id: `task-${index}`,
      work: { kind: 'shell', command: 'true' } as const,
      resources: { cpus: 0.001, memMb: 1 },
    })),
  })
  for (const id of ['o1', 'o2'])
    send({ type: 'mesos.offers', offers: [offer(id, { cpus: 1000, memMb: 9999 })] })
}

function update(index: number): SchedulerInboxEvent {
  return {
    type: 'mesos.update',
    status: status(
      `task-${(index * 7) % 1000}`,
      Math.floor(index / 1000) % 2 === 0 ? 'TASK_RUNNING' : 'TASK_STARTING',
      {
        agentId: { value: 'a1' },
        uuid: 'AAAAAAAAAAAAAAAAAAAAAA==',
      },
    ),
  }
}
