import type { AnyStateMachine } from 'xstate'
import type { JournalReplay } from '../../journal/replay/replay-journal.ts'
import { fingerprintOf } from '../../journal/core/state-hash.ts'
import type { KnownMachine } from '../../machines/known-machines.ts'

/** Limits of a replay: another version of the machine, a compacted journal, an unfinished write. */
export function notesOn(
  { header, torn, startSeq }: Pick<JournalReplay<AnyStateMachine>, 'header' | 'torn' | 'startSeq'>,
  { machine, version }: KnownMachine,
): readonly string[] {
  const fingerprint = fingerprintOf(machine)
  const isSame = header.version === version && header.fingerprint === fingerprint
  const theirs = `version ${header.version} (${header.fingerprint}) of ${header.package}`
  const otherVersion =
    `the journal is of ${theirs}, this program has version ${version} (${fingerprint}): ` +
    'the same entries may lead to other states'
  const compacted = `the journal was compacted: the replay starts with the snapshot after entry ${startSeq}`
  return [
    ...(isSame ? [] : [otherVersion]),
    ...(startSeq === 0 ? [] : [compacted]),
    ...(torn === undefined
      ? []
      : [
          `${torn.file} ends with ${torn.cutBytes} bytes of an unfinished write, which are ignored`,
        ]),
  ]
}
