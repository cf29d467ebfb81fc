/** The warm hosts of an executor. Each runs one task at a time, and is kept for the next one. */
import { availableParallelism } from 'node:os'
import { messageOf } from '../../../errors.ts'
import type { HostOutcome } from '../../../machines/task-run/run-report.ts'
import type { Host, HostOptions } from '../process/host.ts'
import { WarmProcess } from './warm-process.ts'
import type { ProcessEnd, WarmTask } from './warm-job.ts'

/** How a host is started. */
export interface WarmCommand {
  /** How it is called in messages, such as `JVM`. */
  readonly noun: string
  /** Tasks with the same key can share a host. */
  readonly key: string
  /** Resolves to the program and its arguments, after it has made the files that they name. */
  readonly prepare: () => Promise<readonly string[]>
  /** Added to the executor's own environment. */
  readonly env: Readonly<Record<string, string>>
}

/** Result of a task that got no host. */
export interface NotStarted {
  readonly whyNot: string
}

export interface WarmHost extends Pick<Host, 'kill'> {
  /** Resolves when the task is over. Never rejects. */
  readonly ended: Promise<HostOutcome | NotStarted>
}

interface Entry {
  readonly key: string
  state: 'starting' | 'free' | 'busy' | 'ending'
  /** Absent until it is launched. */
  process?: WarmProcess
  request?: WaitingTask
  idle?: NodeJS.Timeout
}

/** A task that waits for a host. */
interface WaitingTask {
  readonly command: WarmCommand
  /** True while it waits for a running host, before a new one is started for it. */
  isPatient: boolean
  begin(host: WarmProcess): void
  giveUp(whyNot: string): void
}

/** Hosts that start at the same time slow each other down. */
const maxStarting = availableParallelism()
/**
 * How long a task waits for a running host: that one is faster for short tasks than a new one, whose
 * start takes longer than this.
 */
const patienceMs = 50
/** After this time, an idle host ends if it is not the only one: it holds memory. */
const surplusMs = 10_000
/** After this time, the last idle host ends. */
const idleMs = 5 * 60_000

export class WarmHosts {
  readonly #sandbox: string
  /** Ordered by the time at which they became free. */
  readonly #entries = new Set<Entry>()
  readonly #requests: WaitingTask[] = []
  /** By key: runs while a host began or ended a task in the time that another takes to start. */
  readonly #progress = new Map<string, NodeJS.Timeout>()
  /** Time that the last one took to start, ms. */
  #startMs = patienceMs

  constructor(sandbox: string) {
    this.#sandbox = sandbox
  }

  /** Runs a task in a free host, or starts one for it. */
  start(command: WarmCommand, task: WarmTask, { taskId, onStarted }: HostOptions): WarmHost {
    let resolve: (end: NotStarted | Promise<HostOutcome>) => void = () => undefined
    const ended = new Promise<HostOutcome | NotStarted>((resolveEnded) => {
      resolve = resolveEnded
    })
    const request: WaitingTask = {
      command,
      isPatient: this.#countOf(command.key) > 0,
      begin(host) {
        onStarted()
        resolve(host.run(task, taskId))
      },
      giveUp: (whyNot) => resolve({ whyNot }),
    }
    this.#enqueue(request)
    return { ended, kill: (signal) => this.#killTask(request, signal) }
  }

  /** Kills all of them with their tasks. */
  stop(): void {
    for (const entry of this.#entries) {
      kill(entry, 'SIGKILL')
      if (entry.process === undefined) this.#entries.delete(entry)
    }
  }

  #enqueue(request: WaitingTask): void {
    const entry = this.#findFree(request.command.key)
    if (entry !== undefined) return this.#give(entry, request)
    this.#requests.push(request)
    const onEnd = (): void => {
      request.isPatient = false
      this.#startMissing()
    }
    if (request.isPatient) setTimeout(onEnd, patienceMs)
    else onEnd()
  }

  #killTask(request: WaitingTask, signal: NodeJS.Signals): void {
    if (this.#dequeue(request)) request.giveUp('it had not started yet')
    for (const entry of this.#entries) if (entry.request === request) kill(entry, signal)
  }

  #give(entry: Entry, request: WaitingTask): void {
    clearTimeout(entry.idle)
    entry.state = 'busy'
    entry.request = request
    this.#noteProgress(entry.key)
    if (entry.process !== undefined) request.begin(entry.process)
  }

  #takeWaiting(key: string): WaitingTask | undefined {
    const index = this.#requests.findIndex(({ command }) => command.key === key)
    return index < 0 ? undefined : this.#requests.splice(index, 1)[0]
  }

  /** Returns false if the request does not wait. */
  #dequeue(request: WaitingTask): boolean {
    const index = this.#requests.indexOf(request)
    if (index < 0) return false
    this.#requests.splice(index, 1)
    return true
  }

  #findFree(key: string): Entry | undefined {
    return [...this.#entries].findLast((entry) => entry.key === key && entry.state === 'free')
  }

  #countOf(key: string): number {
    return [...this.#entries].filter((entry) => entry.key === key).length
  }

  #startMissing(): void {
    const starting = [...this.#entries]
      .filter(({ state }) => state === 'starting')
      .map(({ key }) => key)
    let room = maxStarting - starting.length
    for (const { command, isPatient } of this.#requests) {
      if (isPatient || !this.#canHelp(command.key)) continue
      const index = starting.indexOf(command.key)
      // Each starting host is counted for one request.
      if (index >= 0) starting.splice(index, 1)
      else if (room-- > 0) void this.#launch(command)
    }
  }

  /** False if as many hosts as cores run short tasks: another one would only slow them down. */
  #canHelp(key: string): boolean {
    return !this.#progress.has(key) || this.#countOf(key) < maxStarting
  }

  #noteProgress(key: string): void {
    const timer = this.#progress.get(key)
    if (timer !== undefined) return void timer.refresh()
    const onStop = (): void => {
      this.#progress.delete(key)
      this.#startMissing()
    }
    this.#progress.set(key, setTimeout(onStop, this.#startMs).unref())
  }

  async #launch({ noun, key, prepare, env }: WarmCommand): Promise<void> {
    const entry: Entry = { key, state: 'starting' }
    const startedAt = performance.now()
    this.#entries.add(entry)
    const onFree = (): void => {
      if (entry.state === 'starting')
        this.#startMs = Math.max(patienceMs, performance.now() - startedAt)
      this.#free(entry)
    }
    const onGone = (end: ProcessEnd): void => this.#forget(entry, end)
    try {
      const words = await prepare()
      // `stop` was called meanwhile.
      if (!this.#entries.has(entry)) return
      const sandbox = this.#sandbox
      entry.process = new WarmProcess({ words, env, noun, sandbox, onFree, onGone })
    } catch (error) {
      onGone({ exitStatus: undefined, signal: undefined, logTail: '', fault: messageOf(error) })
    }
  }

  #forget(entry: Entry, end: ProcessEnd): void {
    clearTimeout(entry.idle)
    this.#entries.delete(entry)
    if (entry.state === 'starting') this.#failOne(entry.key, end)
    this.#startMissing()
  }

  /** A failed start fails one task only: the next start may succeed. */
  #failOne(key: string, { exitStatus, signal, logTail, fault }: ProcessEnd): void {
    const request = this.#takeWaiting(key)
    if (request === undefined) return
    const how = signal === undefined ? `status ${exitStatus ?? '?'}` : signal
    const last = logTail.trimEnd().split('\n').at(-1)
    request.giveUp(
      `no warm ${request.command.noun} could be started (${fault ?? `${how}: ${last ?? ''}`})`,
    )
  }

  #free(entry: Entry): void {
    const { state } = entry
    delete entry.request
    if (state === 'ending') return
    const request = this.#takeWaiting(entry.key)
    if (request === undefined) this.#keep(entry)
    else this.#give(entry, request)
    // There is room to start another one.
    if (state === 'starting') this.#startMissing()
  }

  #keep(entry: Entry): void {
    entry.state = 'free'
    this.#noteProgress(entry.key)
    // Moves it to the end of the order.
    this.#entries.delete(entry)
    this.#entries.add(entry)
    entry.idle = setTimeout(() => this.#rest(entry), surplusMs).unref()
  }

  #rest(entry: Entry): void {
    if (this.#entries.size > 1) return end(entry)
    entry.idle = setTimeout(() => end(entry), idleMs - surplusMs).unref()
  }
}

function end(entry: Entry): void {
  entry.state = 'ending'
  entry.process?.end()
}

function kill(entry: Entry, signal: NodeJS.Signals): void {
  entry.state = 'ending'
  entry.process?.kill(signal)
}
