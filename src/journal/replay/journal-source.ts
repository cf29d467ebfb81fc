/** Everything that can be replayed as a journal. */
import type { AnyStateMachine, EventFromLogic, InputFrom } from 'xstate'
import type { Journal, JournalRecord } from '../journal.ts'
import { openReplaySource } from './replay-journal.ts'
import type { MachineHistory } from './replay-journal.ts'
import type { ReplayOptions } from './replay.ts'

/** A journal as data. */
export interface JournalData<M extends AnyStateMachine> {
  /** What the machine was started with. */
  readonly input: InputFrom<M>
  /** Milliseconds since the epoch. Default 0. */
  readonly startedAt?: number
  readonly records: Iterable<JournalRecord<EventFromLogic<M>>>
}

/** The path of a folder or file, data, or an open journal; one in memory needs its input. */
export type JournalSource<M extends AnyStateMachine> =
  | string
  | JournalData<M>
  | (Journal<EventFromLogic<M>> & {
      readonly input?: InputFrom<M>
      readonly header?: { readonly input?: unknown }
    })

/** A journal that is ready for a replay. */
export interface OpenedSource<M extends AnyStateMachine> extends Required<JournalData<M>> {
  /** The state to start with; undefined for the initial state. */
  readonly from: ReplayOptions<M>['from']
}

/** Opens a journal of `history.machine`. Throws what `openReplaySource` throws for a path. */
export function openSource<M extends AnyStateMachine>(
  source: JournalSource<M>,
  history: MachineHistory<M>,
): OpenedSource<M> {
  if (typeof source === 'string') {
    const { header, input, records, from } = openReplaySource(source, history)
    return { input, startedAt: header.createdAt, records, from }
  }
  const { startedAt = 0 } = source
  if ('records' in source)
    return { input: source.input, startedAt, records: source.records, from: undefined }
  const input = (source.input ?? source.header?.input) as InputFrom<M>
  return { input, startedAt, records: source.read(0), from: undefined }
}
