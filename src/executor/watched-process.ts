/** Programs that cannot outlive this process. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'

export interface WatchedOptions {
  readonly cwd: string
  /** Added to the executor's own environment. */
  readonly env: Readonly<Record<string, string>>
  readonly stdio: readonly ['pipe' | 'ignore', 'pipe' | 'ignore', 'pipe' | 'ignore']
  /** File descriptor 4. */
  readonly channel: 'pipe' | 'ignore'
}

/**
 * Runs the program as the leader of a process group, with a watcher in the same group that holds the other end of a pipe
 * of ours: however this process ends, the pipe closes, and the watcher kills the group.
 */
const watched = `(trap '' TERM HUP INT
  read -r _ <&3
  kill -TERM "-$$"
  sleep 1
  kill -KILL "-$$"
) </dev/null >/dev/null 2>&1 4>&- &
exec "$@" 3<&-`

/** Starts a program with its arguments. Throws what `spawn` throws. */
export function spawnWatched(words: readonly string[], options: WatchedOptions): ChildProcess {
  const { cwd, env, stdio, channel } = options
  return spawn('/bin/sh', ['-c', watched, 'jarcast-task', ...words], {
    cwd,
    env: { ...ownEnvironment(), ...env },
    stdio: [...stdio, 'pipe', channel],
    detached: true,
  })
}

/** Signals a program and what it started; without effect once all of it is gone. */
export function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // Gone already.
  }
}

/** The token is for this executor alone; a task could read it in its own environment. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const { MESOS_EXECUTOR_AUTHENTICATION_TOKEN: _, ...env } = process.env
  return env
}
