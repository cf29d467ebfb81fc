/** What the shell is told: 0 all well, 1 a task or the framework failed, 2 wrong usage, 129, 130 and 143 ended by a signal. */
import { constants } from 'node:os'
import { JarcastError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'

export const exitStatuses = { ok: 0, failed: 1, usage: 2 } as const

/** Errors that go away when the command line, or what it names, is put right. */
const usageCodes: readonly ErrorCode[] = [
  'ADDRESS_NOT_ADVERTISABLE',
  'CLASS_PATH_CONFLICT',
  'CONFIG_INVALID',
  'JOURNAL_NOT_FOUND',
  'LIBRARY_NOT_A_FILE',
  'LIBRARY_NOT_FOUND',
  'LIBRARY_UNREADABLE',
  'TASK_INVALID',
]

/** A failed task is no wrong usage, whatever its code: its error says in which state it ended. */
export function exitStatusOf(error: unknown): number {
  if (!(error instanceof JarcastError)) return exitStatuses.failed
  const isUsage = usageCodes.includes(error.code) && error.details['state'] === undefined
  return isUsage ? exitStatuses.usage : exitStatuses.failed
}

/** As shells do it: 128 and the signal's number. */
export function exitStatusOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}
