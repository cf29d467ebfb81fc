/** Opens a journal on disk for a replay. */
import type { AnyStateMachine, EventFromLogic, InputFrom } from 'xstate'
import { JarcastError, configInvalid } from '../../errors.ts'
import type { CoreState } from '../core/core-state.ts'
import type { JournalRecord } from '../journal.ts'
import { readJournal } from '../files/read-journal.ts'
import type { JournalHeader } from '../files/record.ts'
import { replay } from './replay.ts'
import type { Replay, ReplayOptions } from './replay.ts'
import { listSnapshots, parseSnapshot } from '../files/snapshot-store.ts'
import { fingerprintOf } from '../core/state-hash.ts'
import { isFolder } from '../files/survey.ts'
import type { TornTail } from '../files/survey.ts'
import { upcastAll } from './upcast.ts'
import type { Upcaster } from './upcast.ts'

export interface MachineHistory<M extends AnyStateMachine> {
  readonly machine: M
  readonly upcasters: readonly Upcaster[]
}

/** The input of a replay. */
export interface ReplaySource<M extends AnyStateMachine> {
  readonly header: JournalHeader
  /** Seq of the last whole entry. */
  readonly lastSeq: number
  readonly torn: TornTail | undefined
  readonly input: InputFrom<M>
  /** Upcast to today's events; also those before the snapshot `from`. */
  readonly records: Iterable<JournalRecord<EventFromLogic<M>>>
  /** The snapshot to start with, if the journal was compacted. */
  readonly from: ReplayOptions<M>['from']
}

export interface JournalReplay<M extends AnyStateMachine> extends Pick<
  ReplaySource<M>,
  'header' | 'lastSeq' | 'torn'
> {
  /** Seq of the first state: above 0 if the journal was compacted. */
  readonly startSeq: number
  readonly replay: Replay<M>
}

/** Opens a journal, and replays it while it is iterated. Throws what `openReplaySource` throws. */
export function replayJournal<M extends AnyStateMachine>(
  path: string,
  history: MachineHistory<M>,
): JournalReplay<M> {
  const { header, lastSeq, torn, input, records, from } = openReplaySource(path, history)
  return {
    header,
    lastSeq,
    torn,
    startSeq: from?.seq ?? 0,
    replay: replay(history.machine, input, header.createdAt, records, { from }),
  }
}

/**
 * Opens a journal, a folder or one file, for a replay, without locking or changing it. A compacted
 * one starts with the oldest snapshot that all later entries follow.
 * Throws what `readJournal` throws; JOURNAL_COMPACTED without a snapshot of this machine to start
 * with; CONFIG_INVALID for a journal of another machine.
 */
export function openReplaySource<M extends AnyStateMachine>(
  path: string,
  { machine, upcasters }: MachineHistory<M>,
): ReplaySource<M> {
  const { header, lastSeq, records, torn } = readJournal<EventFromLogic<M>>(path)
  if (header.machine !== machine.id) throw otherMachine(path, header.machine, machine.id)
  return {
    header,
    lastSeq,
    torn,
    input: header.input as InputFrom<M>,
    records: upcastAll(records, header.version, upcasters),
    from: header.firstSeq === 1 ? undefined : startOf(path, machine, header),
  }
}

function startOf(path: string, machine: AnyStateMachine, { id, firstSeq }: JournalHeader) {
  const minSeq = firstSeq - 1
  const fingerprint = fingerprintOf(machine)
  const found = (isFolder(path) ? listSnapshots(path) : [])
    .toReversed()
    .filter(({ seq }) => seq >= minSeq)
    .map((found) => parseSnapshot(found, id))
    .find((snapshot) => snapshot?.fingerprint === fingerprint)
  if (found !== undefined) return { seq: found.seq, state: found.state as CoreState }
  throw new JarcastError(
    'JOURNAL_COMPACTED',
    `${path} begins with entry ${minSeq + 1}, and has no snapshot of this version's machine to start from: ` +
      'replay the whole folder with the version that compacted it, or a copy from before',
    { details: { path, firstSeq: minSeq + 1 } },
  )
}

function otherMachine(path: string, found: string, wanted: string): JarcastError {
  const message =
    `${path} is a journal of the machine ${found}, not ${wanted}: ` +
    'replay it with the machine that it names'
  return configInvalid('machine', message)
}
