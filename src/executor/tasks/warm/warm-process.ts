/** One process for many tasks, one after the other. */
import type { ChildProcess } from 'node:child_process'
import type { Duplex, Readable } from 'node:stream'
import { defined } from '../../../defined.ts'
import type { HostOutcome } from '../../../machines/task-run/run-report.ts'
import { closeInTime } from '../process/host.ts'
import { createLogTail } from '../process/log-tail.ts'
import { tailBytes } from '../process/task-output.ts'
import { killGroup, spawnWatched } from '../process/watched-process.ts'
import { createReplyDecoder } from './frames.ts'
import type { Reply } from './frames.ts'
import { WarmJob, lostHost } from './warm-job.ts'
import type { JobEnd, OutputName, ProcessEnd, WarmTask } from './warm-job.ts'

export interface WarmProcessOptions {
  /** The program and its arguments. */
  readonly words: readonly string[]
  /** Added to the executor's own environment. */
  readonly env: Readonly<Record<string, string>>
  readonly sandbox: string
  /** How it is called in messages, such as `JVM`. */
  readonly noun: string
  /** Called when it is ready for its first task, and after each task that it survives. */
  readonly onFree: () => void
  /** Called once, when its process has ended or could not be started. */
  readonly onGone: (end: ProcessEnd) => void
}

/** Maximum size of the reply that reports that it is ready. */
const firstReplyBytes = 4096

export class WarmProcess {
  readonly #options: WarmProcessOptions
  readonly #child: ChildProcess
  readonly #channel: Duplex | undefined
  /** The end of its output between tasks. */
  readonly #tail = createLogTail(tailBytes)
  #job: WarmJob | undefined
  #fault: string | undefined
  #maxReplyBytes = firstReplyBytes
  #isReady = false
  #isKilled = false
  #isGone = false

  /** Starts it. Throws what `spawn` throws. */
  constructor(options: WarmProcessOptions) {
    const { words, env, sandbox } = options
    this.#options = options
    this.#child = spawnWatched(words, {
      cwd: sandbox,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      channel: 'pipe',
    })
    // Without free file descriptors there are no pipes at all.
    const stdio = this.#child.stdio as ChildProcess['stdio'] | undefined
    this.#channel = stdio?.[4] as Duplex | undefined
    this.#follow(this.#child.stdout, 'stdout')
    this.#follow(this.#child.stderr, 'stderr')
    this.#followReplies()
    this.#followEnd()
  }

  /** Runs a task, when it is free. Never rejects. */
  run(task: WarmTask, taskId: string): Promise<HostOutcome> {
    const { stdout, stderr } = this.#child
    const { sandbox, noun } = this.#options
    if (stdout === null || stderr === null)
      return Promise.resolve(lostHost(noun, 'it has no pipes', ''))
    return new Promise((resolve) => {
      const onOver = ({ outcome, isFree }: JobEnd): void => {
        this.#job = undefined
        resolve(outcome)
        if (!isFree) return
        // One that has survived a signal takes no more tasks.
        if (this.#isKilled) this.end()
        else this.#options.onFree()
      }
      const onOverflow = (): void => this.kill('SIGKILL')
      const sources = { stdout, stderr }
      this.#job = new WarmJob({ task, taskId, noun, sandbox, sources, onOverflow, onOver })
      this.#maxReplyBytes = task.maxReplyBytes
      this.#channel?.write(task.encode(this.#job.marker))
    })
  }

  /** Signals the whole process group; after that, it takes no more tasks. */
  kill(signal: NodeJS.Signals): void {
    this.#isKilled = true
    killGroup(this.#child, signal)
  }

  /** Ends it while it is free. */
  end(): void {
    this.#channel?.end()
  }

  #follow(source: Readable | null, name: OutputName): void {
    source?.on('error', () => undefined)
    source?.on('data', (chunk: Buffer) => {
      if (this.#job !== undefined) return this.#job.push(name, chunk)
      this.#tail.push(chunk)
      process[name].write(chunk)
    })
  }

  #followReplies(): void {
    const decode = createReplyDecoder(() => this.#maxReplyBytes)
    this.#channel?.on('error', () => undefined)
    this.#channel?.on('data', (bytes: Buffer) => {
      try {
        for (const reply of decode(bytes)) this.#take(reply)
      } catch {
        this.#fault ??= 'something in it wrote to its descriptor 4'
        this.kill('SIGKILL')
      }
    })
  }

  #take(reply: Reply): void {
    if (this.#isReady) return this.#job?.take(reply)
    this.#isReady = true
    this.#options.onFree()
  }

  #followEnd(): void {
    const child = this.#child
    child.once('exit', () => closeInTime(child))
    child.once('close', (status, signal) => this.#leave(status, signal))
    child.once('error', (error) => {
      this.#fault ??= `it cannot be started: ${error.message}`
      this.#leave(null, null)
    })
  }

  #leave(status: number | null, signal: string | null): void {
    if (this.#isGone) return
    this.#isGone = true
    const end: ProcessEnd = {
      exitStatus: status ?? undefined,
      signal: signal ?? undefined,
      logTail: this.#tail.text(),
      ...defined({ fault: this.#fault }),
    }
    this.#job?.leave(end)
    this.#options.onGone(end)
  }
}
