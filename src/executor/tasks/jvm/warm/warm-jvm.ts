/** One JVM for many tasks, one after the other. */
import { randomBytes } from 'node:crypto'
import type { Duplex, Readable } from 'node:stream'
import type { HostOutcome } from '../../../../machines/task-run/run-report.ts'
import { failedOutcome } from '../../../../machines/task-run/run-report.ts'
import { closeInTime } from '../../process/host.ts'
import type { HostEnd } from '../../process/host.ts'
import { createLogTail } from '../../process/log-tail.ts'
import { createCollector, createOutputRecord, tailBytes } from '../../process/task-output.ts'
import { killGroup, spawnWatched } from '../../process/watched-process.ts'
import { createMarkerSearch, createReplyDecoder, encodeRun } from './frames.ts'
import type { Reply, WarmRun } from './frames.ts'

export interface WarmTask {
  readonly run: WarmRun
  /** What it writes is collected, and more than this ends it; absent, nothing is. */
  readonly maxCollectedBytes?: number
  /** `isOver`: the JVM itself said so, and was not just ended by the task. */
  readonly judge: (end: HostEnd, isOver: boolean) => HostOutcome | Promise<HostOutcome>
}

export interface WarmJvmOptions {
  /** The program that is the JVM; its main class is JarcastWarmHost. */
  readonly words: readonly string[]
  /** Added to the executor's own environment. */
  readonly env: Readonly<Record<string, string>>
  readonly sandbox: string
  /** Called when it is ready for its first task, and after each task that it survives. */
  readonly onFree: () => void
  /** Called once, when its process has ended or could not be started. */
  readonly onGone: (end: ProcessEnd) => void
}

export interface WarmJvm {
  /** Runs a task, when the JVM is free. Never rejects. */
  run(task: WarmTask, taskId: string): Promise<HostOutcome>
  /** Signals the whole process group; it is free no more. */
  kill(signal: NodeJS.Signals): void
  /** Ends a free JVM. */
  end(): void
}

export interface ProcessEnd {
  readonly exitStatus: number | undefined
  readonly signal: string | undefined
  /** The end of what it wrote when it had no task. */
  readonly logTail: string
  /** Why it could not be started, or was killed. */
  readonly fault?: string
}

type OutputName = 'stdout' | 'stderr'

interface Job {
  push(name: OutputName, chunk: Buffer): void
  take(reply: Reply): void
  /** The process has ended. */
  leave(end: ProcessEnd): void
}

const markerBytes = 16

/** Starts a JVM. Throws what `spawn` throws. */
export function launchWarmJvm(options: WarmJvmOptions): WarmJvm {
  const { words, env, sandbox, onFree, onGone } = options
  const child = spawnWatched(words, {
    cwd: sandbox,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    channel: 'pipe',
  })
  // Where descriptors have run out there are no pipes at all.
  const { stdout, stderr } = child
  const channel = (child.stdio as (typeof child)['stdio'] | undefined)?.[4] as Duplex | undefined
  const tail = createLogTail(tailBytes)
  let job: Job | undefined
  let fault: string | undefined
  let isReady = false
  let isKilled = false

  function kill(signal: NodeJS.Signals): void {
    isKilled = true
    killGroup(child, signal)
  }

  function follow(source: Readable | null, name: OutputName): void {
    source?.on('error', () => undefined)
    source?.on('data', (chunk: Buffer) => {
      if (job !== undefined) return job.push(name, chunk)
      tail.push(chunk)
      process[name].write(chunk)
    })
  }

  function take(reply: Reply): void {
    if (isReady) return job?.take(reply)
    isReady = true
    onFree()
  }

  follow(stdout, 'stdout')
  follow(stderr, 'stderr')
  const decode = createReplyDecoder()
  channel?.on('error', () => undefined)
  channel?.on('data', (bytes: Buffer) => {
    try {
      for (const reply of decode(bytes)) take(reply)
    } catch {
      fault ??= 'something in it wrote to its descriptor 4'
      kill('SIGKILL')
    }
  })
  let isGone = false
  const leave = (status: number | null, signal: string | null): void => {
    if (isGone) return
    isGone = true
    const end: ProcessEnd = {
      exitStatus: status ?? undefined,
      signal: signal ?? undefined,
      logTail: tail.text(),
      ...(fault === undefined ? {} : { fault }),
    }
    job?.leave(end)
    onGone(end)
  }
  child.once('exit', () => closeInTime(child))
  child.once('close', leave)
  child.once('error', (error) => {
    fault ??= `it cannot be started: ${error.message}`
    leave(null, null)
  })

  return {
    run: (task, taskId) =>
      new Promise((resolve) => {
        if (stdout === null || stderr === null) return resolve(lost('it has no pipes', ''))
        const marker = randomBytes(markerBytes)
        const onOverflow = (): void => kill('SIGKILL')
        const records = { stdout, stderr }
        job = createJob(
          { task, taskId, sandbox, marker, sources: records, onOverflow },
          (result) => {
            job = undefined
            resolve(result.outcome)
            if (result.isFree && !isKilled) onFree()
          },
        )
        channel?.write(encodeRun(task.run, marker))
      }),
    kill,
    end: () => void channel?.end(),
  }
}

interface JobOptions {
  readonly task: WarmTask
  readonly taskId: string
  readonly sandbox: string
  readonly marker: Buffer
  readonly sources: Readonly<Record<OutputName, Readable>>
  /** It wrote more than may be collected. */
  readonly onOverflow: () => void
}

/** `onOver` is called once: at once when the JVM may have another task, and else when its process has ended. */
function createJob(
  { task, taskId, sandbox, marker, sources, onOverflow }: JobOptions,
  onOver: (result: { readonly outcome: Promise<HostOutcome>; readonly isFree: boolean }) => void,
): Job {
  const tail = createLogTail(tailBytes)
  const collector = createCollector(task.maxCollectedBytes ?? 0, onOverflow)
  const createOutput = (name: OutputName) => ({
    search: createMarkerSearch(marker),
    record: createOutputRecord(sources[name], {
      name,
      shared: process[name],
      tail,
      sandbox,
      taskId,
    }),
  })
  const outputs = { stdout: createOutput('stdout'), stderr: createOutput('stderr') }
  let reply: Reply | undefined

  function write(name: OutputName, bytes: Buffer): void {
    if (bytes.length === 0) return
    if (name === 'stdout' && task.maxCollectedBytes !== undefined) collector.push(bytes)
    outputs[name].record.push(bytes)
  }

  function finishIfOver(): void {
    const { stdout, stderr } = outputs
    if (reply?.reason !== '' || !stdout.search.isFound() || !stderr.search.isFound()) return
    const end = { exitStatus: reply.status, signal: undefined }
    onOver({ outcome: judge(end), isFree: true })
  }

  async function close(): Promise<void> {
    await Promise.all([outputs.stdout.record.end(), outputs.stderr.record.end()])
  }

  async function judge(end: Pick<HostEnd, 'exitStatus' | 'signal'>): Promise<HostOutcome> {
    await close()
    const collected = collector.text()
    const overflowed = collector.overflowed()
    const isOver = reply !== undefined
    const whole = { ...end, collected, overflowed, logTail: tail.text() }
    const outcome = await task.judge(whole, isOver)
    if (reply === undefined || reply.reason === '') return outcome
    return { ...outcome, message: `${outcome.message} (its JVM ended with it: ${reply.reason})` }
  }

  async function lose(why: string): Promise<HostOutcome> {
    await close()
    return lost(why, tail.text())
  }

  return {
    push(name, chunk) {
      write(name, outputs[name].search.push(chunk))
      if (outputs[name].search.isFound()) finishIfOver()
    },
    take(taken) {
      reply = taken
      finishIfOver()
    },
    leave({ exitStatus, signal, fault }) {
      for (const name of ['stdout', 'stderr'] as const) {
        if (!outputs[name].search.isFound()) write(name, outputs[name].search.rest())
      }
      const outcome = fault === undefined ? judge({ exitStatus, signal }) : lose(fault)
      onOver({ outcome, isFree: false })
    },
  }
}

function lost(why: string, logTail: string): HostOutcome {
  const { ok, message, report } = failedOutcome('TASK_FAILED', `its JVM was lost: ${why}`)
  return { ok, message, report: { ...report, logTail } }
}
