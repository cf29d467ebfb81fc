/**
 * One process beside this one that kills the process groups which this one leaves behind: however this process ends, the
 * pipe between them closes.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'

/** Reads a line with the id of each group, and one with a minus before it when the group is over. */
const script = `trap '' TERM HUP INT
groups=' '
while read -r line; do
  group=\${line#-}
  case $groups in *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;; esac
  [ "$group" = "$line" ] && groups="$groups$group "
done
[ "$groups" = ' ' ] && exit
for group in $groups; do kill -TERM "-$group"; done
sleep 1
for group in $groups; do kill -KILL "-$group"; done`

/** Before a watcher that was killed itself is replaced, while there is something to watch. */
const restartMs = 100

const held = new Set<number>()
let watcher: ChildProcess | undefined

/**
 * The watcher's pipe, for a program to write its process id to, with a line feed, as the leader of its group. The watcher
 * is started when there is none; it does not keep this process alive.
 */
export function groupPipe(): Writable {
  const stdin = pipeOf((watcher ??= startWatcher()))
  if (stdin === undefined)
    throw new Error('/bin/sh cannot be started: there may be no file descriptors left (ulimit -n)')
  return stdin
}

/** Keeps the group for the next watcher, should this one be killed; it has told the one that runs by itself. */
export function holdGroup(group: number): void {
  held.add(group)
}

/** The group is over: its id may become another's. */
export function releaseGroup(group: number): void {
  if (held.delete(group)) watcher?.stdin?.write(`-${group}\n`)
}

/** True from `holdGroup` to `releaseGroup`. */
export function isHeld(group: number): boolean {
  return held.has(group)
}

function startWatcher(): ChildProcess {
  // A session of its own: what kills this process may kill its group.
  const child = spawn('/bin/sh', ['-c', script, 'jarcast-watcher'], {
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  const replace = (): void => {
    if (watcher !== child) return
    watcher = undefined
    setTimeout(() => {
      if (held.size > 0) watcher ??= startWatcher()
    }, restartMs).unref()
  }
  child.once('error', replace)
  child.once('exit', replace)
  child.unref()
  const stdin = pipeOf(child)
  stdin?.on('error', replace)
  if (stdin instanceof Socket) stdin.unref()
  for (const group of held) stdin?.write(`${group}\n`)
  return child
}

/** Undefined where it could not be made: a start without descriptors fails later. */
function pipeOf({ stdin }: ChildProcess): Writable | undefined {
  return (stdin as Writable | null | undefined) ?? undefined
}
