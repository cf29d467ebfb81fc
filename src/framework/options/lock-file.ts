import { join } from 'node:path'
import type { PackageSettings } from './options.ts'

export interface LockSettings {
  readonly packages: PackageSettings
  readonly journal: string | undefined
}

/**
 * The user's lock file, else the one beside the journal, so that a continued run ships the same
 * bytes; undefined without both.
 */
export function lockFileOf({ packages, journal }: LockSettings): string | undefined {
  return packages.lockFile ?? (journal && join(journal, 'jarcast.lock.json'))
}
