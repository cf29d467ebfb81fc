/**
 * A task host: one process group per task, whose output goes to the sandbox and which cannot outlive this process.
 */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import type { HostOutcome } from '../../../machines/task-run/run-report.ts'
import { createLogTail } from './log-tail.ts'
import { createCollector, recordOutput, tailBytes } from './task-output.ts'
import { killGroup, spawnWatched } from './watched-process.ts'

/** A program to run as a task host, and how to read its end. */
export interface HostCommand {
  readonly file: string
  readonly args: readonly string[]
  /** Added to the executor's own environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Its standard input; default empty. */
  readonly stdin?: string
  /** Sent to the program on file descriptor 4, on which it then replies. */
  readonly request?: string
  /** Where the result comes from: standard output, the reply on descriptor 4, or nowhere. */
  readonly collect: 'nothing' | 'stdout' | 'reply'
  /** More collected bytes than this end the host. */
  readonly maxCollectedBytes: number
  readonly judge: (end: HostEnd) => HostOutcome | Promise<HostOutcome>
}

/** How a program ended. */
export interface HostEnd {
  readonly exitStatus: number | undefined
  readonly signal: string | undefined
  readonly collected: string
  /** More was written than may be collected. */
  readonly overflowed: boolean
  /** The last 4 KiB of what it wrote to stdout and stderr. */
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
  /** The host's working folder; its raw output, if there is any, goes to `tasks/<task id>/` below. */
  readonly sandbox: string
  readonly onStarted: () => void
}

/** After a program's end, what it wrote may take this long to be read … */
const remainderRoundMs = 500
const remainderRounds = 2
/** … and longer, while a slow disk holds it up. */
const maxRemainderRounds = 20

/** Starts `command`. A program that cannot be started ends at once, with an outcome that says why. */
export function startHost(command: HostCommand, options: HostOptions): Host {
  const { sandbox, taskId, onStarted } = options
  let child: ChildProcess
  try {
    child = spawnWatched([command.file, ...command.args], {
      cwd: sandbox,
      env: command.env ?? {},
      stdio: [command.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(command.request === undefined ? {} : { channel: 'pipe' as const }),
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

/** The report of a program's end, without a result. */
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
      ...(exitStatus === undefined ? {} : { exitStatus }),
      ...(signal === undefined ? {} : { signal }),
      ...(logTail === '' ? {} : { logTail }),
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
 * Closes our ends of the pipes when what the program wrote must have been read. A daemon that left the group may hold the
 * other ends for ever: it is no part of the task any more, and ends with the executor's container.
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
  // A program may well end without having read its input.
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
    return '; this executor has no file descriptors left: raise its limit (ulimit -n), or run fewer tasks at the same time'
  return code === 'EAGAIN'
    ? '; there are too many processes (ulimit -u, pids of the container)'
    : ''
}

function unstartable(command: HostCommand, error: unknown): HostOutcome {
  const why = error instanceof Error ? error.message : String(error)
  return {
    ok: false,
    message: `${command.file} cannot be started: ${why}${hintOf(error)}`,
    report: { version: 1, code: 'TASK_FAILED' },
  }
}
