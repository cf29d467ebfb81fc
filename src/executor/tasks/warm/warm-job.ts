/** One task in a warm host: collects its output, and judges its end. */
import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { HostOutcome } from '../../../machines/task-run/run-report.ts'
import { failedOutcome } from '../../../machines/task-run/run-report.ts'
import type { HostEnd } from '../process/host.ts'
import { createLogTail } from '../process/log-tail.ts'
import { createCollector, createOutputRecord, tailBytes } from '../process/task-output.ts'
import type { Collector, OutputRecord } from '../process/task-output.ts'
import { createMarkerSearch } from './frames.ts'
import type { MarkerSearch, Reply } from './frames.ts'

export interface WarmTask {
  /** The request. The host writes `marker` to both outputs after the task, unless it ends with it. */
  readonly encode: (marker: Buffer) => Buffer
  readonly maxReplyBytes: number
  /** Reads the text of the reply. Throws if it is invalid, or not of the task with this marker. */
  readonly readReply: (text: string, marker: Buffer) => TaskReply
  /** Maximum size of standard output, which is the result. Absent: nothing is collected. */
  readonly maxCollectedBytes?: number
  /** `isOver`: the host reported the end of the task; otherwise its process ended before that. */
  readonly judge: (end: HostEnd, isOver: boolean) => HostOutcome | Promise<HostOutcome>
}

/** What a host replies at the end of a task. */
export interface TaskReply {
  /** Why the host ends now; empty if it can take another task. */
  readonly reason: string
  /** The result, if it is not the output. */
  readonly result?: string
}

export type OutputName = 'stdout' | 'stderr'

export interface WarmJobOptions {
  readonly task: WarmTask
  readonly taskId: string
  /** How the host is called in messages, such as `JVM`. */
  readonly noun: string
  readonly sandbox: string
  /** The output of the host. */
  readonly sources: Readonly<Record<OutputName, Readable>>
  /** Called when the task wrote more than may be collected. */
  readonly onOverflow: () => void
  /** Called once, when the host can take another task, or its process has ended. */
  readonly onOver: (end: JobEnd) => void
}

export interface JobEnd {
  readonly outcome: Promise<HostOutcome>
  /** True if the host can take another task. */
  readonly isFree: boolean
}

/** How the process of a host ended. */
export interface ProcessEnd {
  readonly exitStatus: number | undefined
  readonly signal: string | undefined
  /** The end of its output between tasks. */
  readonly logTail: string
  /** Why it did not start, or was killed. */
  readonly fault?: string
}

interface Output {
  readonly search: MarkerSearch
  readonly record: OutputRecord
}

export class WarmJob {
  /** Ends each output of the task. */
  readonly marker = Buffer.from(randomUUID())
  readonly #options: WarmJobOptions
  readonly #tail = createLogTail(tailBytes)
  readonly #collector: Collector
  readonly #outputs: Readonly<Record<OutputName, Output>>
  #reply: (TaskReply & Pick<Reply, 'status'>) | undefined

  constructor(options: WarmJobOptions) {
    this.#options = options
    this.#collector = createCollector(options.task.maxCollectedBytes ?? 0, options.onOverflow)
    this.#outputs = { stdout: this.#createOutput('stdout'), stderr: this.#createOutput('stderr') }
  }

  /** Takes output of the host. */
  push(name: OutputName, chunk: Buffer): void {
    const { search } = this.#outputs[name]
    this.#write(name, search.push(chunk))
    if (search.isFound()) this.#endIfOver()
  }

  /** Takes the reply of the host to this task. Throws if it is invalid. */
  take({ status, text }: Reply): void {
    this.#reply = { status, ...this.#options.task.readReply(text, this.marker) }
    this.#endIfOver()
  }

  /** The process has ended. */
  leave({ exitStatus, signal, fault }: ProcessEnd): void {
    for (const name of ['stdout', 'stderr'] as const) {
      const { search } = this.#outputs[name]
      if (!search.isFound()) this.#write(name, search.rest())
    }
    const outcome =
      fault === undefined ? this.#judge({ exitStatus, signal }) : this.#describeLoss(fault)
    this.#options.onOver({ outcome, isFree: false })
  }

  #createOutput(name: OutputName): Output {
    const { sources, sandbox, taskId } = this.#options
    const place = { name, shared: process[name], tail: this.#tail, sandbox, taskId }
    return {
      search: createMarkerSearch(this.marker),
      record: createOutputRecord(sources[name], place),
    }
  }

  #write(name: OutputName, bytes: Buffer): void {
    if (bytes.length === 0) return
    const { maxCollectedBytes } = this.#options.task
    if (name === 'stdout' && maxCollectedBytes !== undefined) this.#collector.push(bytes)
    this.#outputs[name].record.push(bytes)
  }

  #endIfOver(): void {
    const { stdout, stderr } = this.#outputs
    const reply = this.#reply
    if (reply?.reason !== '' || !stdout.search.isFound() || !stderr.search.isFound()) return
    const outcome = this.#judge({ exitStatus: reply.status, signal: undefined })
    this.#options.onOver({ outcome, isFree: true })
  }

  async #judge(end: Pick<HostEnd, 'exitStatus' | 'signal'>): Promise<HostOutcome> {
    await this.#closeOutputs()
    const collected = this.#reply?.result ?? this.#collector.text()
    const overflowed = this.#collector.overflowed()
    const whole = { ...end, collected, overflowed, logTail: this.#tail.text() }
    const { reason = '' } = this.#reply ?? {}
    const outcome = await this.#options.task.judge(whole, this.#reply !== undefined)
    if (reason === '') return outcome
    return {
      ...outcome,
      message: `${outcome.message} (its ${this.#options.noun} ended with it: ${reason})`,
    }
  }

  async #describeLoss(why: string): Promise<HostOutcome> {
    await this.#closeOutputs()
    return lostHost(this.#options.noun, why, this.#tail.text())
  }

  async #closeOutputs(): Promise<void> {
    const { stdout, stderr } = this.#outputs
    await Promise.all([stdout.record.end(), stderr.record.end()])
  }
}

/** The outcome of a task whose host failed. */
export function lostHost(noun: string, why: string, logTail: string): HostOutcome {
  const { ok, message, report } = failedOutcome('TASK_FAILED', `its ${noun} was lost: ${why}`)
  return { ok, message, report: { ...report, logTail } }
}
