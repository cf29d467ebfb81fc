/**
 * Job control: which process may read the terminal. Source: POSIX.1-2017, 11.1.4; proc(5),
 * /proc/PID/stat.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * True while the process group of this process is in the foreground of its terminal. If a
 * background process reads the terminal, the system stops its whole group, which then reacts only
 * to SIGKILL and SIGCONT.
 */
export function isInForeground(): boolean {
  const [group, foreground] = readGroups()
  // A session without a terminal has no job control.
  return group === foreground || Number(foreground) < 1
}

function readGroups(): readonly (string | undefined)[] {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8')
    // The program name may contain any character; after its last bracket come state, parent, group,
    // session, terminal.
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return [group, foreground]
  } catch {
    const { stdout } = spawnSync('ps', ['-o', 'pgid=,tpgid=', '-p', String(process.pid)])
    return String(stdout).trim().split(/\s+/u)
  }
}
