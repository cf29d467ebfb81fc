/** Hashes of the state among the entries, and snapshots beside them. */
import type { AnyStateMachine, EventFromLogic } from 'xstate'
import type { Core } from '../core/core.ts'
import type { Journal, JournalRecord } from '../journal.ts'
import { fingerprintOf, hashOf } from '../core/state-hash.ts'

/** A check costs as much as its state is large: the larger the state, the fewer checks. */
const stateBytesPerEntry = 64
/** A small state is also checked after this time. */
const smallStateBytes = 64 * 1024
const smallStateEveryMs = 100
/** Longest string of V8. */
const maxTextBytes = 2 ** 29
/** Entries between snapshots, at least; more while the state is large. */
const entriesPerSnapshot = 10_000

/**
 * Undefined if the state is too large for a string: it is not checked then, and the run continues.
 */
function textOf<M extends AnyStateMachine>(core: Core<M>): string | undefined {
  try {
    return core.serialize()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Decides when to hash the state and when to write a snapshot, at a bounded cost per entry. */
export function createCheckpoints<M extends AnyStateMachine>(
  machine: M,
  journal: Journal<EventFromLogic<M>>,
  isKept: boolean,
) {
  let pending: JournalRecord<EventFromLogic<M>>[] = []
  let checkedSeq = 0
  let keptSeq = journal.lastSeq
  let checkedAt = 0
  let stateBytes = 0

  function isDue(core: Core<M>, seq: number): boolean {
    if ((seq - checkedSeq) * stateBytesPerEntry >= stateBytes) return true
    return stateBytes < smallStateBytes && core.now() - checkedAt >= smallStateEveryMs
  }

  return {
    /** Checks to be appended before the next entries. */
    take() {
      const taken = pending
      pending = []
      return taken
    },
    /** Entries up to `seq` were applied. */
    passed(core: Core<M>, seq: number): void {
      if (!isKept || !isDue(core, seq)) return
      const text = textOf(core)
      if (text === undefined) {
        // Counts as the largest size, so the next check is far away.
        stateBytes = maxTextBytes
        checkedSeq = seq
        checkedAt = core.now()
        return
      }
      stateBytes = text.length
      checkedSeq = seq
      checkedAt = core.now()
      pending = [{ after: seq, hash: hashOf(text) }]
      if (seq - keptSeq < entriesPerSnapshot || journal.writeSnapshot === undefined) return
      keptSeq = seq
      // A snapshot only saves time: the run continues without it.
      journal
        .writeSnapshot({
          seq,
          fingerprint: fingerprintOf(machine),
          state: JSON.parse(text) as unknown,
        })
        .catch(() => undefined)
    },
  }
}
