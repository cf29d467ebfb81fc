/** What the journal of a run says of itself. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprintOf } from '../../journal/core/state-hash.ts'
import type { JournalHeader } from '../../journal/files/record.ts'
import { schedulerHistory } from '../../machines/known-machines.ts'
import type { SchedulerInput } from '../../machines/scheduler/input.ts'
import { schedulerMachine } from '../../machines/scheduler/scheduler.ts'
import { packageRoot } from '../../package-root.ts'

/** The part of a header that does not depend on the journal's start. */
export function runHeader(
  input: SchedulerInput,
): Pick<JournalHeader, 'machine' | 'version' | 'fingerprint' | 'package' | 'input'> {
  return {
    machine: schedulerMachine.id,
    version: schedulerHistory.version,
    fingerprint: fingerprintOf(schedulerMachine),
    package: packageName(),
    input,
  }
}

/** Name and version, such as `jarcast@1.2.3`. */
function packageName(): string {
  const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8')
  const { name, version } = JSON.parse(text) as { readonly name: string; readonly version: string }
  return `${name}@${version}`
}
