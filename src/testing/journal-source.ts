/** Everything that a test can name as a journal. */
import type { AnyStateMachine, EventFromLogic, InputFrom } from 'xstate'
import type { Journal, JournalRecord } from '../journal/journal.ts'
import { openReplaySource } from '../journal/replay/replay-journal.ts'
import type { ReplaySource } from '../journal/replay/replay-journal.ts'
import { findMachine } from '../machines/known-machines.ts'

/** A journal as data. */
export interface JournalData<M extends AnyStateMachine> {
  /** What the machine was started with. */
  readonly input: InputFrom<M>
  /** Ms since the epoch. Default 0. */
  readonly startedAt?: number
  readonly records: Iterable<JournalRecord<EventFromLogic<M>>>
}

/** The path of a folder or file, data, or a journal that is open; one in memory has its input beside it. */
export type JournalSource<M extends AnyStateMachine> =
  | string
  | JournalData<M>
  | (Journal<EventFromLogic<M>> & {
      readonly input?: InputFrom<M>
      readonly header?: { readonly input?: unknown }
    })

export interface OpenedSource<M extends AnyStateMachine> extends Pick<
  ReplaySource<M>,
  'input' | 'from'
> {
  readonly startedAt: number
  readonly records: readonly JournalRecord<EventFromLogic<M>>[]
}

/**
 * The journal in memory. Throws TypeError when it is of another machine; for a path, what `openReplaySource` throws.
 */
export function openSource<M extends AnyStateMachine>(
  source: JournalSource<M>,
  machine: M,
): OpenedSource<M> {
  if (typeof source === 'string') return openPath(source, machine)
  const { startedAt = 0 } = source
  if ('records' in source) {
    return { input: source.input, startedAt, records: [...source.records], from: undefined }
  }
  const input = (source.input ?? source.header?.input) as InputFrom<M>
  return { input, startedAt, records: [...source.read(0)], from: undefined }
}

function openPath<M extends AnyStateMachine>(path: string, machine: M): OpenedSource<M> {
  const upcasters = findMachine(machine.id)?.upcasters ?? []
  const { header, records, ...source } = openReplaySource(path, { machine, upcasters })
  if (header.machine !== machine.id) {
    throw new TypeError(`${path} is a journal of the machine ${header.machine}, not ${machine.id}`)
  }
  return { ...source, startedAt: header.createdAt, records: [...records] }
}
