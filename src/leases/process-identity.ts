/**
 * Identifies a process, so that another process can later find out whether it still runs. A pid
 * alone is not enough: the system reuses pids.
 */
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

export interface ProcessIdentity {
  readonly pid: number
  /** Start of the process in ticks since the start of the machine; 0 without /proc. */
  readonly started: number
  /** Id of the machine's start: pids and ticks are valid only until the next one. */
  readonly boot: string
  /** The pid namespace: containers that share a folder may have separate pids. */
  readonly namespace: string
  readonly host: string
}

/** Without /proc. */
const unknownBoot = '0'

let own: ProcessIdentity | undefined

export function thisProcess(): ProcessIdentity {
  own ??= readOwn()
  return own
}

function readOwn(): ProcessIdentity {
  return {
    pid: process.pid,
    started: readStat(process.pid).started,
    boot: readProc('sys/kernel/random/boot_id').slice(0, 8) || unknownBoot,
    namespace: pidNamespace(),
    host: hostname()
      .replaceAll(/[^\w-]/g, '_')
      .slice(0, 64),
  }
}

export interface DeathOptions {
  readonly observer?: ProcessIdentity | undefined
  /**
   * True if no other machine can write to the place where the identity was found: then another boot
   * id proves the death. Default false: the host name must be equal too, though two machines may
   * share it.
   */
  readonly isLocal?: boolean | undefined
}

/**
 * False unless the process has certainly ended. A process on another host, or in another pid
 * namespace, may be alive.
 */
export function isProvablyDead(
  process: ProcessIdentity,
  { observer = thisProcess(), isLocal = false }: DeathOptions = {},
): boolean {
  const isBootKnown = process.boot !== unknownBoot && observer.boot !== unknownBoot
  if (process.host !== observer.host && !(isLocal && isBootKnown)) return false
  if (process.boot !== observer.boot) return isBootKnown
  if (process.namespace !== observer.namespace) return false
  if (!doesProcessExist(process.pid)) return true
  const { state, started } = readStat(process.pid)
  // A killed process is a zombie until its parent waits for it, and writes nothing.
  return started !== process.started || state === 'Z' || state === 'X'
}

/** Part of a file name: `pid.started.boot.namespace.host`. */
export function formatIdentity(identity: ProcessIdentity): string {
  const { pid, started, boot, namespace, host } = identity
  return [pid, started, boot, namespace, host].join('.')
}

/** Reads the result of `formatIdentity`; undefined for other texts. */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  const [, pid, started, boot = '', namespace = '', host = ''] =
    /^(\d+)\.(\d+)\.([\da-f]+)\.(\d+)\.([\w-]+)$/.exec(text) ?? []
  if (pid === undefined) return undefined
  return { pid: Number(pid), started: Number(started), boot, namespace, host }
}

function doesProcessExist(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0'
  } catch {
    return '0'
  }
}

function readStat(pid: number): { readonly state: string; readonly started: number } {
  const stat = readProc(`${pid}/stat`)
  // The second field is the program's name in brackets, with any characters in it. The state is
  // the third field, the start the 22nd.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { state: fields[0] ?? '', started: Number(fields[19] ?? 0) }
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8')
  } catch {
    return ''
  }
}
