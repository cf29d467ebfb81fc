/** One JVM for many tasks: started with the first of them, and ended once none has come for a while. */
import type { ChildProcess } from 'node:child_process'
import { PassThrough } from 'node:stream'
import type { Duplex } from 'node:stream'
import type { HostOutcome } from '../../../machines/run-report.ts'
import { failedOutcome } from '../../../machines/run-report.ts'
import { closeInTime } from '../host.ts'
import type { Host, HostEnd, HostOptions } from '../host.ts'
import { createLogTail } from '../log-tail.ts'
import { createCollector, recordOutput, tailBytes } from '../task-output.ts'
import type { Collector } from '../task-output.ts'
import { killGroup, spawnWatched } from '../watched-process.ts'
import { createFrameDecoder, encodeInterrupt, encodeRun } from './frames.ts'
import type { Frame, WarmRun } from './frames.ts'

/** The program that is the JVM; its last argument is JarcastWarmHost. */
export interface WarmJvmCommand {
  readonly words: readonly string[]
  /** Added to the executor's own environment. */
  readonly env: Readonly<Record<string, string>>
}

export interface WarmTask {
  readonly run: WarmRun
  /** What it writes is collected, and more than this ends it; absent, nothing is. */
  readonly maxCollectedBytes?: number
  readonly judge: (end: HostEnd) => HostOutcome | Promise<HostOutcome>
}

export interface WarmJvm {
  /** Runs a task in the JVM, which is started when there is none. */
  start(command: WarmJvmCommand, task: WarmTask, options: HostOptions): Host
  /** Kills the JVM, and with it all tasks in it. */
  stop(): void
}

interface Job {
  readonly taskId: string
  readonly task: WarmTask
  readonly outputs: Readonly<Record<'O' | 'E', PassThrough>>
  readonly collector: Collector
  /** It called System.exit. */
  hasExited: boolean
  /** Resolves with how the task ended. */
  settle(end: Pick<HostEnd, 'exitStatus' | 'signal'>): void
  fail(message: string): void
}

interface Jvm {
  readonly child: ChildProcess
  /** Its standard input, which goes in both directions; none when it could not be started. */
  readonly channel: Duplex | undefined
  readonly jobs: Map<number, Job>
  /** The task for which the JVM was killed. */
  killedFor?: string
  fault?: string
}

/** A shell that becomes the program behind it. Java can write to the first three descriptors only; the third is its log. */
const withChannelAsInput = ['/bin/sh', '-c', 'exec "$@" <&4 4<&-', 'jarcast-jvm']
/** A JVM without tasks goes after this long: it holds memory that others may need. */
const idleMs = 5 * 60_000

export function createWarmJvm(sandbox: string): WarmJvm {
  let current: Jvm | undefined
  // The current one, and those that are dying.
  const living = new Set<Jvm>()
  let lastNumber = 0
  let idle: NodeJS.Timeout | undefined

  function running(command: WarmJvmCommand): Jvm {
    clearTimeout(idle)
    current ??= launch(command)
    return current
  }

  function launch({ words, env }: WarmJvmCommand): Jvm {
    const stdio = ['ignore', 'pipe', 'pipe'] as const
    const child = spawnWatched([...withChannelAsInput, ...words], {
      cwd: sandbox,
      env,
      stdio,
      channel: 'pipe',
    })
    // Where descriptors have run out there are no pipes at all.
    const channel = (child.stdio as ChildProcess['stdio'] | undefined)?.[4] as Duplex | undefined
    const jvm: Jvm = { child, channel, jobs: new Map() }
    living.add(jvm)
    const decode = createFrameDecoder()
    channel?.on('error', () => undefined)
    channel?.on('data', (bytes: Buffer) => {
      try {
        for (const frame of decode(bytes)) take(jvm, frame)
      } catch {
        jvm.fault ??= 'something in it wrote to what its standard input is'
        kill(jvm)
      }
    })
    // What is of no task: the JVM's own words, what is written past System.out, and threads that no task started.
    child.stdout?.pipe(process.stdout, { end: false })
    child.stderr?.pipe(process.stderr, { end: false })
    const leave = (why: string, end?: Pick<HostEnd, 'exitStatus' | 'signal'>): void => {
      if (current === jvm) current = undefined
      living.delete(jvm)
      for (const job of jvm.jobs.values()) {
        if (end !== undefined && isOwnEnd(jvm, job)) job.settle(end)
        else job.fail(why)
      }
      jvm.jobs.clear()
    }
    child.once('exit', () => closeInTime(child))
    child.once('error', (error) => leave(`java cannot be started: ${error.message}`))
    child.once('close', (status, signal) => {
      const end = { exitStatus: status ?? undefined, signal: signal ?? undefined }
      leave(describeLoss(jvm, status, signal), end)
    })
    return jvm
  }

  /** No task is given to it any more while it dies. */
  function kill(jvm: Jvm): void {
    if (current === jvm) current = undefined
    killGroup(jvm.child, 'SIGKILL')
  }

  function killFor(jvm: Jvm, taskId: string): void {
    jvm.killedFor ??= taskId
    kill(jvm)
  }

  function rest(): void {
    const jvm = current
    if (jvm === undefined || jvm.jobs.size > 0) return
    idle = setTimeout(() => {
      // The end of its input is its end.
      if (current === jvm) current = undefined
      jvm.channel?.end()
    }, idleMs)
    idle.unref()
  }

  function take(jvm: Jvm, { kind, number, body }: Frame): void {
    const job = jvm.jobs.get(number)
    if (job === undefined) return
    if (kind === 'O' || kind === 'E') {
      if (kind === 'O' && job.task.maxCollectedBytes !== undefined) job.collector.push(body)
      writeSlowly(jvm, job.outputs[kind], body)
    } else if (kind === 'X') {
      job.hasExited = true
      if (current === jvm) current = undefined
    } else {
      jvm.jobs.delete(number)
      job.settle({ exitStatus: body.readInt32BE(0), signal: undefined })
      rest()
    }
  }

  return {
    start(command, task, options) {
      const number = ++lastNumber
      const jvm = running(command)
      const interrupt = (): void => void jvm.channel?.write(encodeInterrupt(number))
      // As a JVM of its own is: what writes too much may well not listen.
      const { job, ended } = createJob(task, options, () => killFor(jvm, options.taskId))
      jvm.jobs.set(number, job)
      jvm.channel?.write(encodeRun(number, task.run))
      options.onStarted()
      return {
        ended,
        kill(signal) {
          if (!jvm.jobs.has(number)) return
          if (signal === 'SIGKILL') killFor(jvm, options.taskId)
          else interrupt()
        },
      }
    },
    stop() {
      clearTimeout(idle)
      for (const jvm of living) kill(jvm)
    },
  }
}

function createJob(
  task: WarmTask,
  options: HostOptions,
  overflow: () => void,
): { readonly job: Job; readonly ended: Promise<HostOutcome> } {
  const tail = createLogTail(tailBytes)
  const outputs = { O: new PassThrough(), E: new PassThrough() }
  const logs = [
    recordOutput(outputs.O, 'stdout', process.stdout, tail, options),
    recordOutput(outputs.E, 'stderr', process.stderr, tail, options),
  ]
  const collector = createCollector(task.maxCollectedBytes ?? 0, overflow)
  let resolve: (outcome: Promise<HostOutcome>) => void = () => undefined
  const ended = new Promise<HostOutcome>((resolveEnded) => {
    resolve = resolveEnded
  })

  async function close(): Promise<void> {
    for (const output of Object.values(outputs)) output.end()
    await Promise.all(logs)
  }

  async function judge(end: Pick<HostEnd, 'exitStatus' | 'signal'>): Promise<HostOutcome> {
    await close()
    const collected = collector.text()
    return task.judge({
      ...end,
      collected,
      overflowed: collector.overflowed(),
      logTail: tail.text(),
    })
  }

  async function lose(message: string): Promise<HostOutcome> {
    await close()
    const { ok, report } = failedOutcome('TASK_FAILED', message)
    return { ok, message, report: { ...report, logTail: tail.text() } }
  }

  const { taskId } = options
  const job: Job = {
    taskId,
    task,
    outputs,
    collector,
    hasExited: false,
    settle: (end) => resolve(judge(end)),
    fail: (message) => resolve(lose(message)),
  }
  return { job, ended }
}

/** A slow disk slows the JVM down. */
function writeSlowly({ channel }: Jvm, output: PassThrough, body: Buffer): void {
  if (output.write(body)) return
  channel?.pause()
  output.once('drain', () => channel?.resume())
}

/** True for the task whose doing the end of the JVM is. */
function isOwnEnd({ killedFor }: Jvm, { taskId, hasExited }: Job): boolean {
  return hasExited || killedFor === taskId
}

/** What is said to the tasks that the JVM took with it. */
function describeLoss(
  { killedFor, fault, jobs }: Jvm,
  status: number | null,
  signal: string | null,
): string {
  const exiting = Array.from(jobs.values()).find(({ hasExited }) => hasExited)
  const how = signal === null ? `exited with status ${status ?? '?'}` : `was killed by ${signal}`
  const why =
    fault ??
    (exiting && `task ${exiting.taskId} called System.exit`) ??
    (killedFor && `task ${killedFor} did not end when it was to, or wrote too much`)
  const reason = why === undefined ? '' : `, as ${why}`
  return `the JVM that it shared with other tasks ${how}${reason}; isolation "process" gives it one of its own`
}
