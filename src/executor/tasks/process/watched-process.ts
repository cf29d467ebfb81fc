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
 * A program makes its process group known to the watcher before it becomes what it shall be: after that would be too late,
 * as this process may be killed in between. Descriptor 3 stays open until then, and keeps the watcher listening.
 */
const announce = 'echo $$ >&3||exit 126;exec 3>&-;'
const announceAndBecome = 'echo $$ >&3||exit 126;exec "$@" 3>&-'

/**
 * Starts a program with its arguments as the leader of a process group. However it or this process ends, all of the group
 * is killed. Throws what `spawn` throws.
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
  // Without descriptors, a start fails later than here, and without pipes: nobody may listen by then.
  child.on('error', () => undefined)
  if (pid === undefined) return child
  holdGroup(pid)
  child.once('exit', () => {
    // What it left in its group goes with it; only then do its pipes close.
    killGroup(child, 'SIGKILL')
    releaseGroup(pid)
  })
  return child
}

/** Signals a program and what it started; without effect once the program has ended. */
export function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined || !isHeld(pid)) return
  try {
    process.kill(-pid, signal)
  } catch {
    // Gone already.
  }
}

/** A script of the shell needs no second shell. On its own line: where it is wrong, messages count lines. */
function shellArguments(words: readonly string[]): readonly string[] {
  const [file, flag, script, ...rest] = words
  const isScript = file === '/bin/sh' && flag === '-c' && script !== undefined && rest.length === 0
  if (isScript) return ['-c', announce + script]
  return ['-c', announceAndBecome, 'jarcast-task', ...words]
}

/** The token is for this executor alone; a task could read it in its own environment. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const { MESOS_EXECUTOR_AUTHENTICATION_TOKEN: _, ...env } = process.env
  return env
}
