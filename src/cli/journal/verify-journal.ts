/** Whether this version still makes of a journal what was made of it then. */
import { JarcastError } from '../../errors.ts'
import { readJournal } from '../../journal/files/read-journal.ts'
import { replayJournal } from '../../journal/replay/replay-journal.ts'
import { findMachine } from '../../machines/known-machines.ts'
import type { KnownMachine } from '../../machines/known-machines.ts'
import { findLine, isCheckOf } from './find-line.ts'
import { eventGist } from './event-summary.ts'
import type { AnyStep } from './replay-text.ts'

/**
 * Replays a journal to its end, and tells how many recorded hashes were compared.
 * Throws REPLAY_DIVERGED at the first one that differs, and all that `machineOf` and the replay throw.
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

/** Throws REPLAY_DIVERGED, naming file, line and entry, when a hash recorded after the step is not that of its state. */
export function assertRecorded(
  path: string,
  { seq, entry, mismatches: [mismatch] }: AnyStep,
): void {
  if (mismatch === undefined) return
  const { recorded, replayed } = mismatch
  const event = entry?.event as ({ readonly type: string } & object) | undefined
  const what = event === undefined ? '' : `, ${eventGist(event)},`
  throw new JarcastError(
    'REPLAY_DIVERGED',
    `${findLine(path, isCheckOf(seq, recorded))}: after entry ${seq}${what} the recorded hash is ${recorded}, ` +
      `that of the replay ${replayed}`,
    { details: { seq, recorded, replayed } },
  )
}

/** The machine of a journal. Throws CONFIG_INVALID when it is none of ours, and what `readJournal` throws. */
export function machineOf(path: string): KnownMachine {
  const { machine } = readJournal(path).header
  const known = findMachine(machine)
  if (known !== undefined) return known
  const message = `${path} is of a machine "${machine}" that is none of jarcast's: replay it in code, with replay of jarcast/journal`
  throw new JarcastError('CONFIG_INVALID', message)
}
