/**
 * A separate process that kills the process groups of tasks when this process ends. However this
 * process ends, the pipe between them closes.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'

/** Reads the id of each group from a line, and its end from a line with a minus before the id. */
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

/** Time before a killed watcher is replaced, if there are groups to watch. */
const restartMs = 100

const held = new Set<number>()
let watcher: ChildProcess | undefined

/**
 * The pipe of the watcher. A program that leads a group writes its process id and a line feed to
 * it. Starts the watcher if there is none; it does not keep this process alive.
 */
export function groupPipe(): Writable {
  const stdin = pipeOf((watcher ??= startWatcher()))
  if (stdin === undefined)
    throw new Error(
      '/bin/sh cannot be started: if no file descriptors are left, raise the limit (ulimit -n)',
    )
  return stdin
}

/** Keeps the group, in case the watcher must be replaced. This one learns it from the group. */
export function holdGroup(group: number): void {
  held.add(group)
}

/** The group has ended: its id may be used again. */
export function releaseGroup(group: number): void {
  if (held.delete(group)) watcher?.stdin?.write(`-${group}\n`)
}

/** True from `holdGroup` to `releaseGroup`. */
export function isHeld(group: number): boolean {
  return held.has(group)
}

function startWatcher(): ChildProcess {
  // In its own session: a signal to the group of this process must not end it.
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

/** Undefined without free file descriptors: then the start fails later. */
function pipeOf({ stdin }: ChildProcess): Writable | undefined {
  return (stdin as Writable | null | undefined) ?? undefined
}
