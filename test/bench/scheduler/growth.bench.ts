/**
 * What one unit of work costs as there is more of it: tasks, agents, libraries, entries, up to a thousand times as much.
 * The same code has done much of the same work before, so that the smallest amount is not measured cold.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLibrarySet } from '../../../src/domain/libraries/library.ts'
import { createFramework } from '../../../src/framework/framework.ts'
import { toInboxEvents } from '../../../src/framework/intake/inbox-events.ts'
import { fingerprintOf } from '../../../src/journal/core/state-hash.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import { openFileJournal } from '../../../src/journal/writer/file-journal.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import { schedulerCodec } from '../../../src/mesos/codec.ts'
import { offer } from '../../support/mesos/mesos-data.ts'
import { figureOf, median, secondsOf } from '../support/measure.ts'
import type { Figure } from '../support/measure.ts'
import { createUpdates, launchTasks, startGateway, submitTasks } from './filled-scheduler.ts'
import { startScriptedMaster } from '../support/scripted-master.ts'

const updates = 20_000
const launches = 500
const codec = schedulerCodec('application/x-protobuf')

export async function* figures(): AsyncGenerator<Figure> {
  yield* growing(['tasks', 'task'], 'status update', [100, 1000, 10_000, 100_000], secondsOfUpdate)
  yield* growing(
    ['tasks', 'task'],
    'framework.stop, per task',
    [100, 1000, 10_000, 100_000],
    secondsOfStop,
  )
  yield* growing(['agents', 'agent'], 'OFFERS, per offer', [10, 100, 1000, 10_000], secondsOfOffer)
  yield* growing(['libraries', 'library'], 'launch of a task', [1, 10, 100, 1000], secondsOfLaunch)
  yield* growing(
    ['entries', 'entry'],
    'replay, per entry',
    [1000, 10_000, 100_000, 1_000_000],
    secondsOfEntry,
  )
}

/** A figure per size: its cost beside that of the smaller size that costs least. */
async function* growing(
  [of, one]: readonly [many: string, one: string],
  what: string,
  counts: readonly number[],
  secondsAt: (count: number) => Promise<number>,
): AsyncGenerator<Figure> {
  for (const count of counts.slice(0, 3)) await secondsAt(count)
  let least: { readonly name: string; readonly us: number } | undefined
  for (const count of counts) {
    const name = `${count.toLocaleString('en')} ${count === 1 ? one : of}`
    const us = (await secondsAt(count)) * 1e6
    const row = { case: `${what}, ${name}`, unit: 'µs', size: { of, count } }
    yield figureOf(row, [us], least && [least.name, [least.us]])
    if (least === undefined || us < least.us) least = { name, us }
  }
}

async function secondsOfUpdate(tasks: number): Promise<number> {
  const scheduler = startGateway()
  submitTasks(scheduler, tasks)
  launchTasks(scheduler, tasks)
  const update = createUpdates(scheduler, tasks)
  const seconds = await secondsOf(() => update(updates), 3)
  scheduler.stop()
  return seconds / updates
}

/** Until the run of each task is rejected. */
async function secondsOfStop(tasks: number): Promise<number> {
  const samples: number[] = []
  for (let round = 0; round < roundsFor(tasks, 5000); round++) samples.push(await stopWith(tasks))
  return median(samples) / tasks
}

async function stopWith(tasks: number): Promise<number> {
  const master = await startScriptedMaster()
  const framework = createFramework({ master: master.url })
  await framework.start()
  const submitted = new Promise<void>((resolve) => {
    framework.state$.subscribe(({ taskCount }) => {
      if (taskCount === tasks) resolve()
    })
  })
  const work = { kind: 'shell', command: 'true' } as const
  const ended = Promise.allSettled(Array.from({ length: tasks }, () => framework.run({ work })))
  await submitted
  const startedAt = performance.now()
  await framework.stop()
  await ended
  const seconds = (performance.now() - startedAt) / 1000
  master.close()
  return seconds
}

/** From the bytes, while a task waits that none of them fits. */
async function secondsOfOffer(agents: number): Promise<number> {
  const { send, stop } = startGateway()
  send({
    type: 'task.submit',
    requests: [{ id: 'huge', work: { kind: 'shell', command: 'true' }, resources: { cpus: 999 } }],
  })
  const offers = Array.from({ length: agents }, (_, index) =>
    offer(`o${index}`, { agent: `a${index}` }),
  )
  const bytes = codec.encodeEvent({ type: 'OFFERS', offers: { offers } })
  const repeats = 10_000 / agents
  const seconds = await secondsOf(() => {
    for (let count = 0; count < repeats; count++)
      for (const event of toInboxEvents(codec.decodeEvent(bytes), undefined)) send(event)
  })
  stop()
  return seconds / (repeats * agents)
}

/** From its submission, in one OFFERS with 499 others, with a set of so many libraries. */
async function secondsOfLaunch(libraries: number): Promise<number> {
  const set = createLibrarySet(
    Array.from({ length: libraries }, (_, index) => ({
      name: `library-${index}.jar`,
      sha256: String(index).padStart(64, '0'),
      sizeBytes: 1,
      kind: 'jar',
    })),
  )
  const scheduler = startGateway({ hasLibraries: true })
  const url = 'http://10.0.0.1:4000'
  const librarySet = { id: set.id, manifestUri: `${url}/sets/${set.id}.json` }
  const executor = { name: 'jarcast', command: { value: 'start' }, resources: { cpus: 0.1 } }
  scheduler.send({ type: 'libraries.staged', set })
  scheduler.send({ type: 'jarServer.started', url, delivery: { executor, librarySet } })
  let round = 0
  const seconds = await secondsOf(() => {
    const requests = Array.from({ length: launches }, (_, index) => {
      const work = { kind: 'shell', command: 'true' } as const
      return { id: `t${round}-${index}`, work, resources: { cpus: 0.001, memMb: 1 } }
    })
    scheduler.send({ type: 'task.submit', requests })
    const offers = [offer(`o${round++}`, { cpus: 1000, memMb: 100_000 })]
    scheduler.send({ type: 'mesos.offers', offers })
  }, 20)
  scheduler.stop()
  return seconds / launches
}

/** From a journal on disk, without its snapshots. */
async function secondsOfEntry(entries: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'jarcast-bench-'))
  try {
    const journal = await openFileJournal<SchedulerInboxEvent>(join(folder, 'run'), { header })
    const live = createRuntime(schedulerMachine, { input: header.input, journal })
    live.start()
    live.dispatch({ type: 'mesos.subscribed', frameworkId: 'f1' })
    const scheduler = { send: live.dispatch, stop: () => live.stop() }
    // Few, so that a short journal is about updates as well.
    submitTasks(scheduler, 10)
    launchTasks(scheduler, 10)
    const update = createUpdates(scheduler, 10)
    while (live.taken < entries) {
      update(Math.min(512, entries - live.taken))
      while (live.applied < live.taken) await new Promise((resolve) => setImmediate(resolve))
    }
    live.stop()
    const entriesOnly = {
      startedAt: journal.startedAt,
      lastSeq: journal.lastSeq,
      append: () => undefined,
      read: (fromSeq: number) => journal.read(fromSeq),
    }
    const seconds = await secondsOf(
      () => {
        const again = createRuntime(schedulerMachine, { input: header.input, journal: entriesOnly })
        again.start()
        again.stop()
      },
      roundsFor(entries, 100_000),
    )
    await journal.close()
    return seconds / entries
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** As many rounds as make so much work, within reason. */
function roundsFor(count: number, work: number): number {
  return Math.min(25, Math.max(1, Math.round(work / count)))
}

const header = {
  machine: 'scheduler',
  version: '1',
  fingerprint: fingerprintOf(schedulerMachine),
  package: 'bench',
  input: { framework: { user: 'u', name: 'n' }, hasLibraries: false, timeoutMs: 60_000 },
}
