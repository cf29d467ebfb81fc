/**
 * Runs one CommandInfo as a container: with its own session, in its sandbox, its output in the
 * sandbox. It runs as the user of this process: CommandInfo.user and FrameworkInfo.user are
 * ignored.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { appendFileSync, closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { CommandInfo } from '../../../mesos/types.generated.ts'
import { startTimer } from '../../time/timers.ts'
import { holdLeader, holdMark } from './orphan-watcher.ts'
import { destroyContainer, signalContainer, signalGroup } from './process-tree.ts'

export interface CommandProcessOptions {
  readonly command: CommandInfo
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
}

/** How a process ended, in Mesos' three forms. */
export interface Exit {
  readonly isSuccess: boolean
  /** As `wait` gives it: exit status × 256, or the signal's number. */
  readonly waitStatus: number
  /** "exited with status 3", "terminated with signal Terminated". */
  readonly text: string
}

export interface CommandProcess {
  /** Undefined if the start failed. */
  readonly pid: number | undefined
  /** Never rejects. Resolves when all processes of the container ended. */
  readonly exited: Promise<Exit>
  /**
   * Sends SIGTERM to all processes, then SIGKILL after the grace period. Later calls can only
   * shorten it.
   */
  kill(graceMs: number): void
}

/**
 * Starts the command. A failed start is an exit with status 1 and a line in the sandbox's stderr.
 */
export function startCommand(options: CommandProcessOptions): CommandProcess {
  const environmentEntry = `MESOS_SANDBOX=${options.environment['MESOS_SANDBOX']}`
  // Before the process starts, since this process may be killed in between.
  const forgetMark = holdMark(environmentEntry)
  const child = spawnCommand(options)
  const { pid } = child
  if (pid === undefined) {
    forgetMark()
    return { pid, exited: failedStart(child, options), kill: () => {} }
  }
  const mark = { pid, environmentEntry }
  const forgetLeader = holdLeader(pid)
  const forgetPid = killWithUs(pid)
  let killTimer: NodeJS.Timeout | undefined
  let killAt = Infinity
  const exited = waitForExit(child).then(async (exit) => {
    clearTimeout(killTimer)
    await destroyContainer(mark)
    forgetPid()
    forgetLeader()
    forgetMark()
    return exit
  })
  const kill = (graceMs: number): void => {
    if (child.exitCode !== null || child.signalCode !== null) return
    if (killAt === Infinity && graceMs > 0) void signalContainer(mark, 'SIGTERM')
    if (performance.now() + graceMs >= killAt) return
    killAt = performance.now() + graceMs
    clearTimeout(killTimer)
    killTimer = startTimer(() => void destroyContainer(mark), graceMs)
  }
  return { pid, exited, kill }
}

/** Starts the command without tracking a container; `error` or `exit` follows. */
export function spawnCommand({
  command,
  directory,
  environment,
}: CommandProcessOptions): ChildProcess {
  const [file, args, argv0] = commandLine(command)
  const logs: number[] = []
  try {
    for (const name of ['stdout', 'stderr']) logs.push(openSync(join(directory, name), 'a'))
    return spawn(file, args, {
      cwd: directory,
      env: environment,
      argv0,
      detached: true,
      stdio: ['ignore', ...logs],
    })
  } finally {
    for (const log of logs) closeSync(log)
  }
}

/**
 * `shell` (the default): a shell runs the value. Otherwise the value is the file and `arguments`
 * its argv.
 */
function commandLine(command: CommandInfo): [file: string, args: string[], argv0: string] {
  const value = command.value ?? ''
  if (command.shell ?? true) return ['/bin/sh', ['-c', value], 'sh']
  const [argv0 = value, ...args] = command.arguments ?? []
  return [value, args, argv0]
}

function waitForExit(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(describeExit(code, signal)))
  })
}

function failedStart(child: ChildProcess, options: CommandProcessOptions): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      try {
        appendFileSync(
          join(options.directory, 'stderr'),
          `Failed to execute command: ${error.message}\n`,
        )
      } catch {
        // No descriptors or a full disk must not end the cluster.
      }
      resolve(describeExit(1, null))
    })
  })
}

/** Ends the containers if this process exits without closing its cluster. */
function killWithUs(pid: number): () => void {
  livingPids.add(pid)
  if (livingPids.size === 1) process.on('exit', killLiving)
  return () => {
    livingPids.delete(pid)
    if (livingPids.size === 0) process.off('exit', killLiving)
  }
}

const livingPids = new Set<number>()

function killLiving(): void {
  for (const pid of livingPids) signalGroup(pid, 'SIGKILL')
}

/** Describes Node's exit code and signal in Mesos' words. */
export function describeExit(code: number | null, signal: NodeJS.Signals | null): Exit {
  if (signal === null) {
    const status = code ?? 1
    return {
      isSuccess: status === 0,
      waitStatus: status * 256,
      text: `exited with status ${status}`,
    }
  }
  const [number, name] = signals[signal] ?? [0, `Unknown signal ${signal}`]
  return { isSuccess: false, waitStatus: number, text: `terminated with signal ${name}` }
}

/** Numbers and names as Linux' strsignal(3) has them. */
const signals: Partial<Record<NodeJS.Signals, readonly [number, string]>> = {
  SIGHUP: [1, 'Hangup'],
  SIGINT: [2, 'Interrupt'],
  SIGQUIT: [3, 'Quit'],
  SIGILL: [4, 'Illegal instruction'],
  SIGTRAP: [5, 'Trace/breakpoint trap'],
  SIGABRT: [6, 'Aborted'],
  SIGBUS: [7, 'Bus error'],
  SIGFPE: [8, 'Floating point exception'],
  SIGKILL: [9, 'Killed'],
  SIGUSR1: [10, 'User defined signal 1'],
  SIGSEGV: [11, 'Segmentation fault'],
  SIGUSR2: [12, 'User defined signal 2'],
  SIGPIPE: [13, 'Broken pipe'],
  SIGALRM: [14, 'Alarm clock'],
  SIGTERM: [15, 'Terminated'],
  SIGXCPU: [24, 'CPU time limit exceeded'],
  SIGXFSZ: [25, 'File size limit exceeded'],
}
