/**
 * Exit statuses of all commands. 0: all is done. 1: the work failed (a task, a check, or a master
 * or registry that did not answer). 2: wrong usage, or something that the command line names
 * (options, files, folders, ports, credentials) prevented the start. 129, 130, 143: ended by
 * SIGHUP, SIGINT, SIGTERM.
 */
import { constants } from 'node:os'
import { JarcastError } from '../../errors.ts'
import type { ErrorCode } from '../../errors.ts'

export const exitStatuses = { ok: 0, failed: 1, usage: 2 } as const

/** Errors that a change of the command line, or of what it names, removes. */
const usageCodes: readonly ErrorCode[] = [
  'ADDRESS_NOT_ADVERTISABLE',
  'CONFIG_INVALID',
  'CONTROL_FAILED',
  'CREDENTIALS_REJECTED',
  'INSPECTOR_FAILED',
  'JAR_SERVER_FAILED',
  'JOURNAL_LOCKED',
  'JOURNAL_NOT_FOUND',
  'JOURNAL_UNREADABLE',
  'JOURNAL_UNSUPPORTED',
  'JOURNAL_UNWRITABLE',
  'LIBRARY_NOT_A_FILE',
  'LIBRARY_NOT_FOUND',
  'LIBRARY_UNREADABLE',
  'MASTER_REJECTED',
  'NOT_PERMITTED',
  'PACKAGE_LOCK_INVALID',
  'PACKAGE_LOCK_OUTDATED',
  'TASK_INVALID',
  'TASK_UNKNOWN',
  'ZOOKEEPER_REJECTED',
]

/** Errors that ended work after its start. */
const late = new WeakSet<Error>()

/**
 * Marks an error as one that ended work after its start, so its status is 1 with any code.
 * Returns it.
 */
export function asLate<Cause>(error: Cause): Cause {
  if (error instanceof Error) late.add(error)
  return error
}

/** The error of a failed task has a state: with any code, it is not wrong usage. */
export function exitStatusOf(error: unknown): number {
  if (!(error instanceof JarcastError) || late.has(error)) return exitStatuses.failed
  const isUsage = usageCodes.includes(error.code) && error.details['state'] === undefined
  return isUsage ? exitStatuses.usage : exitStatuses.failed
}

/** 128 plus the signal's number, as in shells. */
export function exitStatusOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}
