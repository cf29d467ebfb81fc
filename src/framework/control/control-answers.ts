/** What a running framework answers to other terminals of its user. */
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { defined } from '../../defined.ts'
import { JarcastError } from '../../errors.ts'
import { readJournal } from '../../journal/files/read-journal.ts'
import { isEntry } from '../../journal/journal.ts'
import type { SchedulerInboxEvent } from '../../machines/scheduler/events.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import type { Framework } from '../framework.ts'
import { watchLibraries } from '../inspection/library-watch.ts'
import type { LibraryWatch } from '../inspection/library-watch.ts'
import type { WatchableRun } from '../inspection/watchable.ts'
import { placeOfEnd } from '../sandbox/task-place.ts'
import { isRegistered, lifeOf } from '../state/selectors.ts'
import type { ClusterAccess, Download, KillAnswer, RunView, TaskView } from './run-views.ts'
import { noteEntry, noteFact } from './task-times.ts'
import type { TaskTimes } from './task-times.ts'
import { countStates, findTaskView, taskStates, taskViews } from './task-views.ts'
import type { EndedTask, TaskViewsOptions } from './task-views.ts'

export interface ControlAnswers {
  /** Resolves once the times of tasks before this process are known. */
  ready(): Promise<void>
  status(): RunView
  tasks(): Iterable<TaskView>
  task(taskId: string): TaskView | undefined
  access(): ClusterAccess
  kill(taskIds: readonly string[], graceMs?: number): KillAnswer
  /** Resolves once the framework has stopped. */
  stop(how: StopMode): Promise<void>
  close(): void
}

/** `drain`: after its tasks have ended; `detach`: Mesos keeps the tasks for the failover timeout. */
export type StopMode = 'stop' | 'drain' | 'detach'

interface AnswersOptions extends Omit<ClusterAccess, 'master'> {
  readonly name: string
}

const recordsPerTurn = 500
/** Of a run without a journal, which remembers no ends itself. */
const maxEnds = 10_000

export function createControlAnswers(
  framework: Framework,
  run: WatchableRun,
  { name, ...access }: AnswersOptions,
): ControlAnswers {
  const times: TaskTimes = new Map()
  const ends = new Map<string, EndedTask>()
  const libraries = watchLibraries(framework)
  const remembers = run.input.remembersOutcomes === true
  let earlier: Promise<void> | undefined

  const facts = framework.fact$.subscribe((fact) => {
    noteFact(times, fact)
    if (remembers) return
    if (fact.type !== 'task.ended') return
    const place = placeOfEnd(framework.frameworkId ?? '', fact)
    ends.set(fact.taskId, { fact, place })
    forgetOldest(ends, times)
  })

  function snapshot(): SchedulerSnapshot {
    const known = framework.snapshot
    if (known === undefined) throw new JarcastError('FRAMEWORK_STOPPED', 'it has not started yet')
    return known
  }

  function views(): TaskViewsOptions {
    return {
      snapshot: snapshot(),
      times,
      ends,
      lastFactOf: run.lastFactOf,
      downloadOn: downloadsOf(libraries),
    }
  }

  return {
    ready: () => (earlier ??= noteEarlier(times, run.journal)),
    status() {
      const now = snapshot()
      const { frameworkId, jarServer } = framework
      return {
        name,
        life: lifeOf(now),
        isRegistered: isRegistered(now),
        ...defined({
          frameworkId,
          master: run.masterUrl(),
          journal: run.journal && resolve(run.journal),
          jarServer: jarServer?.url,
        }),
        pid: process.pid,
        host: hostname(),
        startedAt: run.startedAt,
        asOf: Date.now(),
        tasks: countStates(taskStates(views())),
      }
    },
    tasks: () => taskViews(views()),
    task: (taskId) => findTaskView(taskId, views()),
    access: () => ({ ...access, ...defined({ master: run.masterUrl() }) }),
    kill(taskIds, graceMs) {
      const answer = { killed: [] as string[], ended: [] as string[], unknown: [] as string[] }
      for (const taskId of new Set(taskIds)) {
        const found = findTaskView(taskId, views())
        if (found === undefined) answer.unknown.push(taskId)
        else if (found.isOver) answer.ended.push(taskId)
        else {
          framework.kill(taskId, defined({ graceMs }))
          answer.killed.push(taskId)
        }
      }
      return answer
    },
    stop: (how) =>
      how === 'drain' ? framework.drain() : framework.stop({ detach: how === 'detach' }),
    close() {
      facts.unsubscribe()
      libraries.close()
    },
  }
}

/** Of a run that is continued: its facts before this process come no more. */
async function noteEarlier(times: TaskTimes, journal: string | undefined): Promise<void> {
  if (journal === undefined) return
  let count = 0
  try {
    for (const record of readJournal<SchedulerInboxEvent>(journal).records) {
      if (isEntry(record)) noteEntry(times, record)
      count += 1
      if (count % recordsPerTurn === 0) await setImmediate()
    }
  } catch {
    // A time is missing in a table then; what the journal lacks, its own reader reports.
  }
}

function forgetOldest(ends: Map<string, EndedTask>, times: TaskTimes): void {
  if (ends.size <= maxEnds) return
  for (const [oldest] of ends) {
    ends.delete(oldest)
    times.delete(oldest)
    return
  }
}

function downloadsOf(libraries: LibraryWatch): TaskViewsOptions['downloadOn'] {
  // Only tasks that wait ask for it.
  let byHost: ReadonlyMap<string, Download> | undefined
  return (host) => {
    byHost ??= downloadsByHost(libraries)
    const found = byHost.get(host)
    return found && { library: found.library, bytes: found.bytes, totalBytes: found.totalBytes }
  }
}

function downloadsByHost(libraries: LibraryWatch): ReadonlyMap<string, Download> {
  const { progress = [] } = libraries.addTo({ sets: [], hosts: [], conflicts: [] })
  return new Map(progress.map((each) => [each.host, each]))
}
