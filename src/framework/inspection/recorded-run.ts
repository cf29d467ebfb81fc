/** A journal of one of our machines, opened for the inspector: to be served, or to be saved. */
import { basename, resolve } from 'node:path'
import type { AnyStateMachine } from 'xstate'
import { lensOf } from './lens-of.ts'
import type { Lens } from '../../inspector/protocol/lens.ts'
import { openReplaySource } from '../../journal/replay/replay-journal.ts'
import type { ReplaySource } from '../../journal/replay/replay-journal.ts'
import type { KnownMachine } from '../../machines/known-machines.ts'
import { machineOf } from '../recorded/journal-machine.ts'
import { notesOn } from '../recorded/replay-notes.ts'

export interface RecordedRun extends ReplaySource<AnyStateMachine> {
  readonly path: string
  /** Of the run; copies of one journal have a number after it. */
  readonly id: string
  /** Of the file or folder. */
  readonly name: string
  readonly known: KnownMachine
  readonly lens: Lens | undefined
  readonly notes: readonly string[]
}

/**
 * Opens journals, folders or single files. `machines`: of those that are not ours, by path. Throws
 * what `machineOf` and `openReplaySource` throw.
 */
export function openRecordedRuns(
  paths: readonly string[],
  machines: ReadonlyMap<string, KnownMachine> = new Map(),
): readonly RecordedRun[] {
  const counts = new Map<string, number>()
  return [...new Set(paths)].map((path) => {
    const run = openRecordedRun(path, machines.get(path))
    const count = (counts.get(run.id) ?? 0) + 1
    counts.set(run.id, count)
    return count === 1 ? run : { ...run, id: `${run.id}~${count}` }
  })
}

export function openRecordedRun(path: string, known = machineOf(path)): RecordedRun {
  const source = openReplaySource(path, known)
  const { header, torn, from } = source
  return {
    ...source,
    path,
    id: header.id,
    name: basename(resolve(path)),
    known,
    lens: lensOf(known.machine),
    notes: notesOn({ header, torn, startSeq: from?.seq ?? 0 }, known),
  }
}
