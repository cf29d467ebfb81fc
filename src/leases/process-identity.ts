/**
 * Which process something belongs to, said so that whoever finds it later can tell whether that
 * process still lives: pids are given out again, so a pid alone says nothing.
 */
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

export interface ProcessIdentity {
  readonly pid: number
  /** When the process started, in ticks since the machine did; 0 where /proc does not tell. */
  readonly started: number
  /** The machine's start: pids and ticks of an earlier one do not count. */
  readonly boot: string
  /**
   * The pid namespace: containers that share a folder may well count their pids each for itself.
   */
  readonly namespace: string
  readonly host: string
}

/** Where /proc does not tell. */
const unknownBoot = '0'

let own: ProcessIdentity | undefined

/** This process. */
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
   * What the process left lies where no other machine can write, so that with another start of the
   * machine it is gone. Default: false, and the machine is known by the name of its host, which two
   * machines may have.
   */
  readonly isLocal?: boolean | undefined
}

/**
 * False unless the process is gone for certain: one on another host, or in another pid namespace,
 * may live.
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
  // A process that was killed stays a zombie until its parent looks: it writes nothing any more.
  return started !== process.started || state === 'Z' || state === 'X'
}

/** As a part of a file name: `pid.started.boot.namespace.host`. */
export function formatIdentity(identity: ProcessIdentity): string {
  const { pid, started, boot, namespace, host } = identity
  return [pid, started, boot, namespace, host].join('.')
}

/** Reads what `formatIdentity` wrote; undefined when it is something else. */
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
  // The second field is the program's name in brackets, which may hold anything; the state is the
  // third, the start the 22nd.
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
