/** Records journals in tests: runs a machine step by step and records its state after each. */
import { writeFileSync } from 'node:fs'
import { mergeMap } from 'rxjs'
import type { AnyStateMachine, EventFromLogic, InputFrom } from 'xstate'
import { messageOf } from '../errors.ts'
import { isEntry } from '../journal/journal.ts'
import type { Journal, JournalRecord } from '../journal/journal.ts'
import type { Effect } from '../journal/core/outbox.ts'
import { createEncoder, encodeHeader } from '../journal/files/record.ts'
import type { JournalHeader } from '../journal/files/record.ts'
import { createRuntime } from '../journal/runtime/runtime.ts'
import { fingerprintOf, hashOf } from '../journal/core/state-hash.ts'
import { findMachine } from '../machines/known-machines.ts'
import type { JournalData } from './journal-source.ts'
import { createManualClock } from './manual-clock.ts'

export interface RecordOptions<M extends AnyStateMachine> {
  readonly input: InputFrom<M>
  /** Ms since the epoch. Default 0. */
  readonly startedAt?: number
  /** Events, and the times between them. */
  readonly steps: readonly (EventFromLogic<M> | { readonly afterMs: number })[]
  /** Events that an effect results in at once; `now` in ms since the epoch. Default: none. */
  readonly answer?: (effect: Effect, now: number) => readonly EventFromLogic<M>[]
}

export interface RecordedJournal<M extends AnyStateMachine> extends JournalData<M> {
  readonly header: JournalHeader
  readonly startedAt: number
  readonly records: readonly JournalRecord<EventFromLogic<M>>[]
  /** The first error of the machine, if any. The event that caused it changed nothing. */
  readonly failure: unknown
}

/** Runs a machine through the steps, without performing anything. Its errors become `failure`. */
export function recordJournal<M extends AnyStateMachine>(
  machine: M,
  { input, startedAt = 0, steps, answer }: RecordOptions<M>,
): RecordedJournal<M> {
  const records: JournalRecord<EventFromLogic<M>>[] = []
  const clock = createManualClock(startedAt)
  let failure: unknown
  let seq = 0
  let checkedSeq = -1

  const journal: Journal<EventFromLogic<M>> = {
    startedAt,
    lastSeq: 0,
    append(added) {
      check()
      for (const record of added) {
        if (!isEntry(record)) continue
        records.push(record)
        seq = record.seq
      }
    },
    read: () => [],
  }
  const runtime = createRuntime(machine, { input, journal, clock })
  runtime.connect(runtime.effect$.pipe(mergeMap((effect) => answer?.(effect, clock.now()) ?? [])))
  runtime.rejection$.subscribe({
    next: ({ error }) => (failure ??= error),
    error: (error: unknown) => (failure = error),
  })

  /**
   * Records the state after the last entry, before the next one; once for entries of one append.
   */
  function check(): void {
    if (checkedSeq === seq) return
    checkedSeq = seq
    records.push({ after: seq, hash: hashOf(JSON.stringify(runtime.state())) })
  }

  runtime.start()
  for (const step of steps) {
    if ('afterMs' in step) clock.advance(step.afterMs)
    else runtime.dispatch(step)
  }
  check()
  runtime.stop()
  return { header: headerOf(machine, input, startedAt), input, startedAt, records, failure }
}

/** Writes a journal as one file for `jarcast replay`, replacing an existing one. */
export function writeJournal(
  file: string,
  { header, records }: Pick<RecordedJournal<AnyStateMachine>, 'header' | 'records'>,
): void {
  writeFileSync(file, [encodeHeader(header), ...records.map(createEncoder(header))].join(''))
}

/**
 * Runs `check`, a test of the journal. If it throws, or the machine did, writes the journal to
 * `file` and throws an error that names the file. When a property test shrinks, the file ends up
 * with the smallest counterexample.
 */
export function keepJournal<T>(
  file: string,
  journal: RecordedJournal<AnyStateMachine>,
  check: () => T,
): T {
  try {
    if (journal.failure !== undefined) throw journal.failure
    return check()
  } catch (cause) {
    writeJournal(file, journal)
    throw new Error(`${messageOf(cause)}\nThe run is in ${file}: npx jarcast replay ${file}`, {
      cause,
    })
  }
}

function headerOf(machine: AnyStateMachine, input: unknown, createdAt: number): JournalHeader {
  return {
    format: 1,
    machine: machine.id,
    version: findMachine(machine.id)?.version ?? '1',
    fingerprint: fingerprintOf(machine),
    package: 'jarcast/testing',
    createdAt,
    input,
    id: '00000000',
    firstSeq: 1,
    chain: '00000000',
  }
}
