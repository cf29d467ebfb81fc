/** The warm JVMs of an executor: each has one task at a time, and is kept for the next of its kind. */
import { availableParallelism } from 'node:os'
import type { HostOutcome } from '../../../../machines/task-run/run-report.ts'
import type { Host, HostOptions } from '../../process/host.ts'
import { launchWarmJvm } from './warm-jvm.ts'
import type { ProcessEnd, WarmJvm, WarmTask } from './warm-jvm.ts'

/** What a JVM is started with. */
export interface WarmJvmCommand {
  /** Tasks with the same key may have the same JVM. */
  readonly key: string
  /** Gives the program and its arguments, and makes the files that they name. */
  readonly prepare: () => Promise<readonly string[]>
  /** Added to the executor's own environment. */
  readonly env: Readonly<Record<string, string>>
}

/** A task for which there was no JVM. */
export interface NotStarted {
  readonly whyNot: string
}

export interface WarmHost extends Pick<Host, 'kill'> {
  /** Resolves when the task is over. Never rejects. */
  readonly ended: Promise<HostOutcome | NotStarted>
}

export interface WarmJvms {
  /** Runs a task in a JVM that is free, or in one that is started for it. */
  start(command: WarmJvmCommand, task: WarmTask, options: HostOptions): WarmHost
  /** Kills all of them, and with them their tasks. */
  stop(): void
}

interface Entry {
  readonly key: string
  state: 'starting' | 'free' | 'busy' | 'ending'
  /** Absent until it is launched. */
  jvm?: WarmJvm
  task?: Waiting
  idle?: NodeJS.Timeout
}

interface Waiting {
  readonly command: WarmJvmCommand
  /** Another JVM of its kind may be free soon. */
  isPatient: boolean
  begin(jvm: WarmJvm): void
  giveUp(whyNot: string): void
}

/** JVMs that start at the same time slow each other down. */
const maxStarting = availableParallelism()
/** A JVM that has run many short tasks is faster than a new one for each: worth a wait, as a start takes longer. */
const patienceMs = 50
/** A JVM without a task holds memory that others may need: it goes after this long … */
const surplusMs = 10_000
/** … and the last one after this. */
const idleMs = 5 * 60_000

export function createWarmJvms(sandbox: string): WarmJvms {
  /** The one that was free last is last in order. */
  const entries = new Set<Entry>()
  const waiting: Waiting[] = []

  function assign(): void {
    for (const request of waiting.slice()) {
      const entry = findFree(request.command.key)
      if (entry?.jvm === undefined) continue
      waiting.splice(waiting.indexOf(request), 1)
      clearTimeout(entry.idle)
      entry.state = 'busy'
      entry.task = request
      request.begin(entry.jvm)
    }
    startMissing()
  }

  function findFree(key: string): Entry | undefined {
    return [...entries].findLast((entry) => entry.key === key && entry.state === 'free')
  }

  function startMissing(): void {
    const starting = [...entries].filter(({ state }) => state === 'starting').map(({ key }) => key)
    let room = maxStarting - starting.length
    for (const { command, isPatient } of waiting) {
      if (isPatient) continue
      const onItsWay = starting.indexOf(command.key)
      if (onItsWay >= 0) starting.splice(onItsWay, 1)
      else if (room-- > 0) void launch(command)
    }
  }

  async function launch({ key, prepare, env }: WarmJvmCommand): Promise<void> {
    const entry: Entry = { key, state: 'starting' }
    entries.add(entry)
    const onGone = (end: ProcessEnd): void => {
      clearTimeout(entry.idle)
      entries.delete(entry)
      if (entry.state === 'starting') failOne(key, end)
      assign()
    }
    try {
      const words = await prepare()
      // It was stopped meanwhile.
      if (!entries.has(entry)) return
      entry.jvm = launchWarmJvm({ words, env, sandbox, onFree: () => free(entry), onGone })
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error)
      onGone({ exitStatus: undefined, signal: undefined, logTail: '', fault })
    }
  }

  /** One start, one task: the others may fare better. */
  function failOne(key: string, { exitStatus, signal, logTail, fault }: ProcessEnd): void {
    const index = waiting.findIndex(({ command }) => command.key === key)
    const [request] = index < 0 ? [] : waiting.splice(index, 1)
    const how = signal === undefined ? `status ${exitStatus ?? '?'}` : signal
    const last = logTail.trimEnd().split('\n').at(-1)
    request?.giveUp(`no warm JVM could be started (${fault ?? `${how}: ${last ?? ''}`})`)
  }

  function free(entry: Entry): void {
    delete entry.task
    if (entry.state === 'ending') return
    entry.state = 'free'
    // Last in order.
    entries.delete(entry)
    entries.add(entry)
    entry.idle = setTimeout(() => rest(entry), surplusMs).unref()
    assign()
  }

  function rest(entry: Entry): void {
    if (entries.size > 1) return end(entry)
    entry.idle = setTimeout(() => end(entry), idleMs - surplusMs).unref()
  }

  function end(entry: Entry): void {
    entry.state = 'ending'
    entry.jvm?.end()
  }

  function kill(entry: Entry, signal: NodeJS.Signals): void {
    entry.state = 'ending'
    entry.jvm?.kill(signal)
  }

  return {
    start(command, task, { taskId, onStarted }) {
      let resolve: (end: NotStarted | Promise<HostOutcome>) => void = () => undefined
      const ended = new Promise<HostOutcome | NotStarted>((resolveEnded) => {
        resolve = resolveEnded
      })
      const request: Waiting = {
        command,
        isPatient: [...entries].some(({ key }) => key === command.key),
        begin(jvm) {
          onStarted()
          resolve(jvm.run(task, taskId))
        },
        giveUp: (whyNot) => resolve({ whyNot }),
      }
      waiting.push(request)
      assign()
      if (waiting.includes(request)) setTimeout(losePatience, patienceMs)
      function losePatience(): void {
        request.isPatient = false
        assign()
      }
      return {
        ended,
        kill(signal) {
          const index = waiting.indexOf(request)
          if (index >= 0) waiting.splice(index, 1)
          if (index >= 0) request.giveUp('it had not started yet')
          for (const entry of entries) if (entry.task === request) kill(entry, signal)
        },
      }
    },
    stop() {
      for (const entry of entries) {
        kill(entry, 'SIGKILL')
        if (entry.jvm === undefined) entries.delete(entry)
      }
    },
  }
}
