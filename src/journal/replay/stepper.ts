/** Makes the steps of a replay, record by record. */
import type { AnyStateMachine, EventFromLogic } from 'xstate'
import { JarcastError } from '../../errors.ts'
import type { Core } from '../core/core.ts'
import type { Outcome } from '../core/outcome.ts'
import { hashOf } from '../core/state-hash.ts'
import { isEntry } from '../journal.ts'
import type { Entry, JournalRecord, StateCheck } from '../journal.ts'
import type { ReplayStep } from './replay-step.ts'
import { changesBetween, statesOf } from './state-changes.ts'

export interface Stepper<M extends AnyStateMachine> {
  /** Yields the step that the record completes, then applies the record. */
  take(record: JournalRecord<EventFromLogic<M>>): Generator<ReplayStep<M>>
  /**
   * Yields the last step, once, although checks of its state may still come: these are then steps
   * of their own, without changes.
   */
  finish(): Generator<ReplayStep<M>>
}

/** The first step is the state that the core starts with, after entry `startSeq`. */
export function createStepper<M extends AnyStateMachine>(
  core: Core<M>,
  startSeq: number,
): Stepper<M> {
  let states: ReadonlyMap<string, string> = new Map()
  const toStep = (entry: Entry<EventFromLogic<M>> | undefined, outcome: Outcome<M>) => {
    const before = states
    states = statesOf(core.snapshot)
    const seq = entry?.seq ?? startSeq
    const changes = changesBetween(before, states)
    return { entry, seq, now: core.now(), snapshot: core.snapshot, ...outcome, changes }
  }
  let step = toStep(undefined, start(core))
  let isOpen = true
  // A check follows the entry that it is about: a step is complete when the next entry comes.
  let checks: StateCheck[] = []

  function* finish(): Generator<ReplayStep<M>> {
    if (!isOpen) return
    isOpen = false
    const found = compared(core, checks)
    checks = []
    yield { ...step, ...found }
  }

  return {
    finish,
    *take(record) {
      if (!isEntry(record)) {
        if (record.after !== step.seq) return
        if (isOpen) checks.push(record)
        else yield { ...step, ...nothing, ...compared(core, [record]), isLate: true }
      } else if (record.seq > startSeq) {
        yield* finish()
        step = toStep(record, core.apply(record))
        isOpen = true
      }
    },
  }
}

const nothing = { changes: [], effects: [], facts: [], rejections: [] }

function start<M extends AnyStateMachine>(core: Core<M>): Outcome<M> {
  try {
    return core.start()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new JarcastError('REPLAY_FAILED', `the machine throws as it starts: ${why}`, { cause })
  }
}

function compared(
  core: Pick<Core<AnyStateMachine>, 'serialize'>,
  checks: readonly StateCheck[],
): Pick<ReplayStep<AnyStateMachine>, 'checks' | 'mismatches'> {
  if (checks.length === 0) return { checks: 0, mismatches: [] }
  const replayed = hashOf(core.serialize())
  const mismatches = checks
    .filter(({ hash }) => hash !== replayed)
    .map(({ hash }) => ({ recorded: hash, replayed }))
  return { checks: checks.length, mismatches }
}
