import { hostsOf } from '../../machines/scheduler/delivery/library-holders.ts'
import { valuesOf } from '../../domain/persistent-map.ts'
import { configInvalid } from '../../errors.ts'
import { replayJournal } from '../../journal/replay/replay-journal.ts'
import { schedulerHistory } from '../../machines/known-machines.ts'
import { holdersOf, setsOf } from '../../machines/scheduler/components.ts'
import { machineOf } from '../../framework/recorded/journal-machine.ts'
import { reportSet } from './libs-report.ts'
import type { LibsReport } from './libs-report.ts'

/**
 * Replays a scheduler's journal to its end. Throws what the replay throws; `CONFIG_INVALID` for an
 * executor's journal.
 */
export function readFromJournal(path: string): LibsReport {
  if (machineOf(path).machine.id !== schedulerHistory.machine.id)
    throw configInvalid('journal', `${path} is no journal of a scheduler`)
  const { replay } = replayJournal(path, schedulerHistory)
  // Asking for a step moves the machine.
  for (const _ of replay);
  const holders = holdersOf(replay.snapshot)
  const { sets, current } = setsOf(replay.snapshot)
  const all = Array.from(valuesOf(sets)).toSorted(
    (one, other) => Number(one.id === current) - Number(other.id === current),
  )
  return {
    sets: all.map((set) =>
      reportSet(set, set.id === current, (sha256) => hostsOf(holders, sha256)),
    ),
  }
}
