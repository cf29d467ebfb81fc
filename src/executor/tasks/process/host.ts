/**
 * A task host: one process group per task. Its output goes to the sandbox, and it cannot outlive
 * this process.
 */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { defined } from '../../../defined.ts'
import { messageOf } from '../../../errors.ts'
import type { HostOutcome } from '../../../machines/task-run/run-report.ts'
import { createLogTail } from './log-tail.ts'
import { createCollector, recordOutput, tailBytes } from './task-output.ts'
import { killGroup, spawnWatched } from './watched-process.ts'

/** A program to run as a task host, and the function that judges its end. */
export interface HostCommand {
  readonly file: string
  readonly args: readonly string[]
  /** Added to the executor's own environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Its standard input; default empty. */
  readonly stdin?: string
  /** Sent to the program on file descriptor 4, where it replies. */
  readonly request?: string
  /** Source of the result: standard output, the reply on descriptor 4, or none. */
  readonly collect: 'nothing' | 'stdout' | 'reply'
  /** Maximum size of the result; a host that writes more is killed. */
  readonly maxCollectedBytes: number
  readonly judge: (end: HostEnd) => HostOutcome | Promise<HostOutcome>
}

/** How a program ended. */
export interface HostEnd {
  readonly exitStatus: number | undefined
  readonly signal: string | undefined
  readonly collected: string
  /** True if it wrote more than `maxCollectedBytes`. */
  readonly overflowed: boolean
  /** The last 4 KiB of stdout and stderr. */
  readonly logTail: string
}

/** A running task host. */
export interface Host {
  /** Signals the whole process group; without effect once it is gone. */
  kill(signal: NodeJS.Signals): void
  /** Resolves when the process has ended and its output is written. Never rejects. */
  readonly ended: Promise<HostOutcome>
}

export interface HostOptions {
  readonly taskId: string
  /** Working folder of the host. Its raw output goes to `tasks/<task id>/` below. */
  readonly sandbox: string
  readonly onStarted: () => void
}

/** Time to read the rest of the output after the end of a program: this many rounds. */
const remainderRoundMs = 500
const remainderRounds = 2
/** Rounds while a slow disk delays the reading. */
const maxRemainderRounds = 20

/** Starts `command`. If that fails, the host ends at once with the reason as its outcome. */
export function startHost(command: HostCommand, options: HostOptions): Host {
  const { sandbox, taskId, onStarted } = options
  let child: ChildProcess
  try {
    child = spawnWatched([command.file, ...command.args], {
      cwd: sandbox,
      env: command.env ?? {},
      stdio: [command.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(command.request !== undefined && { channel: 'pipe' as const }),
    })
  } catch (error) {
    return { kill: () => undefined, ended: Promise.resolve(unstartable(command, error)) }
  }
  if (child.pid === undefined) {
    const ended = once(child, 'error').then(([error]) => unstartable(command, error))
    return { kill: () => undefined, ended }
  }
  const tail = createLogTail(tailBytes)
  const collector = createCollector(command.maxCollectedBytes, () => killGroup(child, 'SIGKILL'))
  const place = { sandbox, taskId }
  const logs = [
    recordOutput(child.stdout, { name: 'stdout', shared: process.stdout, tail, ...place }),
    recordOutput(child.stderr, { name: 'stderr', shared: process.stderr, tail, ...place }),
  ]
  if (command.collect === 'stdout') child.stdout?.on('data', collector.push)
  feed(child, command, collector.push)
  child.once('spawn', onStarted)
  async function follow(): Promise<HostOutcome> {
    const end = await endOf(child)
    if (end instanceof Error) return unstartable(command, end)
    await Promise.all(logs)
    const collected = collector.text()
    const overflowed = collector.overflowed()
    return await command.judge({ ...end, collected, overflowed, logTail: tail.text() })
  }

  return { kill: (signal) => killGroup(child, signal), ended: follow() }
}

/** Message and report for the end of a program, without a result. */
export function describeEnd(end: HostEnd): {
  readonly message: string
  readonly report: HostOutcome['report']
} {
  const { exitStatus, signal, logTail } = end
  const how =
    signal === undefined ? `exited with status ${exitStatus ?? '?'}` : `killed by ${signal}`
  return {
    message: how,
    report: {
      version: 1,
      ...defined({ exitStatus, signal, logTail: logTail === '' ? undefined : logTail }),
    },
  }
}

/** Resolves when the process has ended and its pipes are closed. */
function endOf(child: ChildProcess): Promise<Pick<HostEnd, 'exitStatus' | 'signal'> | Error> {
  return new Promise((resolve) => {
    child.once('error', resolve)
    child.once('exit', () => closeInTime(child))
    child.once('close', (status, signal) => {
      resolve({ exitStatus: status ?? undefined, signal: signal ?? undefined })
    })
  })
}

/**
 * Closes our ends of the pipes, after time to read the rest of the output. A daemon that left the
 * group may hold the other ends open for ever. It is no longer a part of the task, and ends with
 * the executor's container.
 */
export function closeInTime(child: ChildProcess): void {
  const streams = child.stdio.filter((stream) => stream !== null && stream !== undefined)
  let rounds = 0
  const timer = setInterval(() => {
    rounds += 1
    const isHeldUp = streams.some((stream) => 'isPaused' in stream && stream.isPaused())
    if (rounds < (isHeldUp ? maxRemainderRounds : remainderRounds)) return
    clearInterval(timer)
    for (const stream of streams) stream.destroy()
  }, remainderRoundMs)
  child.once('close', () => clearInterval(timer))
}

function feed(child: ChildProcess, command: HostCommand, collect: (chunk: Buffer) => void): void {
  const stdin = child.stdin
  // A program may end before it has read its input.
  stdin?.on('error', () => undefined)
  stdin?.end(command.stdin)
  const channel = child.stdio[4] as (Readable & Writable) | null | undefined
  if (channel === null || channel === undefined) return
  channel.on('error', () => undefined)
  channel.end(command.request)
  channel.on('data', collect)
}

function hintOf(error: unknown): string {
  const { code } = (error ?? {}) as NodeJS.ErrnoException
  if (code === 'EMFILE' || code === 'ENFILE')
    return '; the executor has no file descriptors left: raise the limit (ulimit -n), or run fewer tasks at the same time'
  return code === 'EAGAIN'
    ? '; there are too many processes: raise the limit (ulimit -u, or pids of the container)'
    : ''
}

function unstartable(command: HostCommand, error: unknown): HostOutcome {
  return {
    ok: false,
    message: `${command.file} cannot be started: ${messageOf(error)}${hintOf(error)}`,
    report: { version: 1, code: 'TASK_FAILED' },
  }
}
