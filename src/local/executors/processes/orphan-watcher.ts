/**
 * A watcher process that ends containers after this process was killed: the pipe between them
 * closes then. No other process knows these containers.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'

/**
 * Reads two lines per container: the id of its first process, and its mark (an entry of its
 * environment). The same line with a minus in front removes it. At the end, the others are searched
 * as in process-tree.ts: by mark, session and parent; without /proc, only by process group.
 */
const script = `trap '' TERM HUP INT
nl='
'
held=$nl
while IFS= read -r line; do
  over=$nl\${line#-}$nl
  case $line in
    -*) case $held in *"$over"*) held=\${held%%"$over"*}$nl\${held#*"$over"} ;; esac ;;
    *) held=$held$line$nl ;;
  esac
done
marks=$(printf %s "$held" | grep =)
leaders=$(printf %s "$held" | grep -v =)
[ -n "$marks$leaders" ] || exit
seen=' '
for pid in $leaders; do seen="$seen$pid "; done
look() {
  for dir in /proc/[0-9]*; do
    case $seen in *" \${dir#/proc/} "*) continue ;; esac
    [ -n "$marks" ] && grep -qzxF -e "$marks" "$dir/environ" && seen="$seen\${dir#/proc/} "
  done
  before=
  until [ "$before" = "$seen" ]; do
    before=$seen
    for dir in /proc/[0-9]*; do
      case $seen in *" \${dir#/proc/} "*) continue ;; esac
      read -r stat <"$dir/stat" || continue
      set -- \${stat##*) }
      case $seen in *" $2 "* | *" $4 "*) seen="$seen\${dir#/proc/} " ;; esac
    done
  done
}
end() {
  isOver=yes
  for pid in $seen; do kill "-$1" "$pid" && isOver=; done
  for pid in $leaders; do kill "-$1" "-$pid" && isOver=; done
}
look
end TERM
for round in 1 2 3 4 5; do
  [ -z "$isOver" ] || exit
  sleep 1
  look
  end KILL
done`

/** Delay before a killed watcher is replaced, while there are containers. */
const restartMs = 100

const held = new Set<string>()
let watcher: ChildProcess | undefined

/** Ends processes with this entry in their environment (`NAME=value`) when this process ends. */
export function holdMark(environmentEntry: string): () => void {
  return hold(environmentEntry)
}

/** Ends the session and group of `pid` when this process ends. */
export function holdLeader(pid: number): () => void {
  return hold(String(pid))
}

/** Returns a function that ends the watch. */
function hold(line: string): () => void {
  // A line break would be read as two entries; no sandbox path contains one.
  if (line.includes('\n')) return () => undefined
  held.add(line)
  if (watcher === undefined) watcher = startWatcher()
  else watcher.stdin?.write(`${line}\n`)
  return () => {
    if (held.delete(line)) watcher?.stdin?.write(`-${line}\n`)
  }
}

function startWatcher(): ChildProcess {
  // In its own session: a kill of this process may hit its whole group.
  const child = spawn('/bin/sh', ['-c', script, 'jarcast-orphans'], {
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
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
  // Without descriptors there is no pipe; an error follows.
  const stdin = child.stdin as Writable | undefined
  stdin?.on('error', replace)
  if (stdin instanceof Socket) stdin.unref()
  for (const line of held) stdin?.write(`${line}\n`)
  return child
}
