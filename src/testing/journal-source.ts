/** The forms of a journal that tests accept: a path or data. */
import type { AnyStateMachine, EventFromLogic } from 'xstate'
import type { JournalRecord } from '../journal/journal.ts'
import * as source from '../journal/replay/journal-source.ts'
import { findMachine } from '../machines/known-machines.ts'

export type { JournalData, JournalSource } from '../journal/replay/journal-source.ts'

export interface OpenedSource<M extends AnyStateMachine> extends source.OpenedSource<M> {
  readonly records: readonly JournalRecord<EventFromLogic<M>>[]
}

/** Reads a whole journal into memory. Throws what `openReplaySource` throws for a path. */
export function openSource<M extends AnyStateMachine>(
  journal: source.JournalSource<M>,
  machine: M,
): OpenedSource<M> {
  const upcasters = findMachine(machine.id)?.upcasters ?? []
  const opened = source.openSource(journal, { machine, upcasters })
  return { ...opened, records: [...opened.records] }
}
