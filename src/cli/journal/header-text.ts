import type { JournalHeader } from '../../journal/files/record.ts'

/** `scheduler 1 of jarcast@0.1.0, started 2026-11-22T17:30:00.000Z`; times are relative to it. */
export function headerText({ machine, version, package: by, createdAt }: JournalHeader): string {
  return `${machine} ${version} of ${by}, started ${new Date(createdAt).toISOString()}`
}
