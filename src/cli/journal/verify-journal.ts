/** Compares the recorded hashes of a journal with the states of its replay. */
import type { AnyStateMachine } from 'xstate'
import { JarcastError } from '../../errors.ts'
import { replayJournal } from '../../journal/replay/replay-journal.ts'
import type { ReplayStep } from '../../journal/replay/replay-step.ts'
import { eventSummary } from '../../domain/event-summary.ts'
import { findLine, isCheckOf } from './find-line.ts'
import { machineOf } from '../../framework/recorded/journal-machine.ts'

export type AnyStep = ReplayStep<AnyStateMachine>

/**
 * Replays a journal to its end and returns the number of compared hashes.
 * Throws REPLAY_DIVERGED at the first one that differs, and what `machineOf` and the replay throw.
 * @public to scripts/gen-journals.mjs
 */
export function verifyJournal(path: string): { readonly checks: number } {
  let checks = 0
  for (const step of replayJournal(path, machineOf(path)).replay) {
    assertRecorded(path, step)
    checks += step.checks
  }
  return { checks }
}

/**
 * Throws REPLAY_DIVERGED with file, line and entry if a hash recorded after the step is not that of
 * its state.
 */
export function assertRecorded(
  path: string,
  { seq, entry, mismatches: [mismatch] }: AnyStep,
): void {
  if (mismatch === undefined) return
  const { recorded, replayed } = mismatch
  const event = entry?.event as ({ readonly type: string } & object) | undefined
  const what = event === undefined ? '' : `, ${eventSummary(event)},`
  throw new JarcastError(
    'REPLAY_DIVERGED',
    `${findLine(path, isCheckOf(seq, recorded))}: after entry ${seq}${what} the recorded hash is ${recorded}, ` +
      `that of the replay ${replayed}`,
    { details: { seq, recorded, replayed } },
  )
}
