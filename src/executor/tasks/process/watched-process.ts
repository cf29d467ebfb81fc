/** Programs that cannot outlive this process. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { groupPipe, releaseGroup, holdGroup, isHeld } from './group-watcher.ts'

export interface WatchedOptions {
  readonly cwd: string
  /** Added to the executor's own environment. */
  readonly env: Readonly<Record<string, string>>
  readonly stdio: readonly ['pipe' | 'ignore', 'pipe' | 'ignore', 'pipe' | 'ignore']
  /** File descriptor 4. */
  readonly channel?: 'pipe'
}

/**
 * The shell reports its process group to the watcher before it executes the program: this process
 * may be killed at any time. Descriptor 3 stays open until then, so the watcher continues to read.
 */
const announce = 'echo $$ >&3||exit 126;exec 3>&-;'
const announceAndBecome = 'echo $$ >&3||exit 126;exec "$@" 3>&-'

/**
 * Starts a program with its arguments as the leader of a process group. However the program or this
 * process ends, the whole group is killed. Throws what `spawn` throws.
 */
export function spawnWatched(words: readonly string[], options: WatchedOptions): ChildProcess {
  const { cwd, env, stdio, channel } = options
  const child = spawn('/bin/sh', shellArguments(words), {
    cwd,
    env: { ...ownEnvironment(), ...env },
    stdio: [...stdio, groupPipe(), ...(channel === undefined ? [] : [channel])],
    detached: true,
  })
  const { pid } = child
  // Without free descriptors the start fails later, perhaps before the caller listens for errors.
  child.on('error', () => undefined)
  if (pid === undefined) return child
  holdGroup(pid)
  child.once('exit', () => {
    // Its pipes close only when the rest of the group has ended.
    killGroup(child, 'SIGKILL')
    releaseGroup(pid)
  })
  return child
}

/** Signals the group of a program; without effect once the program has ended. */
export function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined || !isHeld(pid)) return
  try {
    process.kill(-pid, signal)
  } catch {
    // It has ended.
  }
}

/** A shell script needs no second shell. It stays on line 1, for the line numbers in messages. */
function shellArguments(words: readonly string[]): readonly string[] {
  const [file, flag, script, ...rest] = words
  const isScript = file === '/bin/sh' && flag === '-c' && script !== undefined && rest.length === 0
  if (isScript) return ['-c', announce + script]
  return ['-c', announceAndBecome, 'jarcast-task', ...words]
}

/** Without the token of the executor, which is not for tasks. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const { MESOS_EXECUTOR_AUTHENTICATION_TOKEN: _, ...env } = process.env
  return env
}
