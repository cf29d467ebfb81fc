import { openRecordedRuns } from '../../framework/inspection/recorded-run.ts'
import type { RecordedRun } from '../../framework/inspection/recorded-run.ts'
import { loadMachine } from '../replay/load-machine.ts'

/**
 * The journals, with the machines that the module `machine` exports, or those of jarcast. Rejects
 * with what `loadMachine` and `openRecordedRuns` throw.
 */
export async function openRuns(
  paths: readonly string[],
  machine: string | undefined,
): Promise<readonly RecordedRun[]> {
  if (machine === undefined) return openRecordedRuns(paths)
  const known = paths.map(async (path) => [path, await loadMachine(machine, path)] as const)
  return openRecordedRuns(paths, new Map(await Promise.all(known)))
}
