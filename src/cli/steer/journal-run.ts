/** A run as its journal tells it, while no process of it answers. */
import { statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { createMasterViews } from '../../client/agents/master-views.ts'
import { defined } from '../../defined.ts'
import { JarcastError } from '../../errors.ts'
import type { ClusterAccess } from '../../framework/control/run-views.ts'
import { noteEntry } from '../../framework/control/task-times.ts'
import type { TaskTimes } from '../../framework/control/task-times.ts'
import {
  countStates,
  findTaskView,
  taskStates,
  taskViews,
} from '../../framework/control/task-views.ts'
import type { TaskViewsOptions } from '../../framework/control/task-views.ts'
import { lastFactOf } from '../../framework/facts/known-task.ts'
import { createPublicFacts } from '../../framework/facts/public-facts.ts'
import { frameworkIdOf, isActive, lifeOf } from '../../framework/state/selectors.ts'
import { openPayloads } from '../../journal/files/payloads.ts'
import { replayJournal } from '../../journal/replay/replay-journal.ts'
import { isLocked } from '../../journal/writer/lock.ts'
import { schedulerHistory } from '../../machines/known-machines.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import type { KnownRun } from './known-run.ts'

const entriesPerTurn = 1000

/**
 * Replays the journal in `folder`. `access`: what reaches its cluster, as far as it is given; the
 * journal has the address of the master. Rejects with the errors of `replayJournal`.
 */
export async function openJournalRun(
  folder: string,
  access: ClusterAccess,
  masterNow?: string,
): Promise<KnownRun> {
  const { header, replay } = replayJournal(folder, schedulerHistory)
  const times: TaskTimes = new Map()
  let master: string | undefined
  let asOf = header.createdAt
  for (const { entry, seq, now } of replay) {
    asOf = now
    if (entry !== undefined) noteEntry(times, entry)
    if (entry?.event?.type === 'mesos.subscribed') master = entry.event.master ?? master
    if (seq % entriesPerTurn === 0) await setImmediate()
  }
  const snapshot = replay.snapshot as SchedulerSnapshot
  const isFolder = statSync(folder).isDirectory()
  const toPublic = createPublicFacts(isFolder ? { payloads: openPayloads(folder) } : {})
  const views: TaskViewsOptions = {
    snapshot,
    times,
    lastFactOf: (taskId) => lastFactOf(snapshot, taskId, asOf, toPublic),
  }
  const { framework } = header.input as { readonly framework: { readonly name: string } }
  const refused = () => notRunning(folder, isActive(snapshot))

  return {
    status: () =>
      Promise.resolve({
        name: framework.name,
        life: isActive(snapshot) ? 'gone' : lifeOf(snapshot),
        isRegistered: false,
        ...defined({ frameworkId: frameworkIdOf(snapshot), master }),
        journal: folder,
        startedAt: header.createdAt,
        asOf,
        tasks: countStates(taskStates(views)),
      }),
    tasks: () => Promise.resolve([...taskViews(views)]),
    task: (taskId) => Promise.resolve(findTaskView(taskId, views)),
    access: async () => ({
      ...defined({ master: await leaderOf(masterNow, access, master) }),
      ...access,
    }),
    kill: () => Promise.reject(refused()),
    stop: () => Promise.reject(refused()),
    hold: () => undefined,
    close: () => undefined,
  }
}

/** The leading master of the given ones, or the last one that the journal names. */
async function leaderOf(
  masters: string | undefined,
  access: ClusterAccess,
  recorded: string | undefined,
): Promise<string | undefined> {
  if (masters === undefined) return recorded
  const views = createMasterViews(masters, access)
  try {
    return await views.url()
  } finally {
    views.close()
  }
}

function notRunning(folder: string, isActiveRun: boolean): JarcastError {
  const reason = !isActiveRun
    ? 'is over'
    : isLocked(folder)
      ? 'is written by a process that offers no control address here'
      : 'has no process now: the command that started it continues it, and can then be controlled; "jarcast stop --master URL --framework NAME" ends what Mesos still runs'
  return new JarcastError('CONTROL_FAILED', `the run in ${folder} ${reason}`, {
    details: { folder },
  })
}
