/** Reads what a run has written before it was watched, while it goes on. */
import type { Entry } from '../../../journal/journal.ts'
import type { ReadEntries } from './entry-store.ts'
import { createSlices } from './slices.ts'
import type { Pace } from './slices.ts'
import { createWaiters } from './waiters.ts'

export interface PastOptions {
  readonly read: ReadEntries
  /** The last entry that is known already. */
  readonly from: number
  /** The last entry that the run has applied. */
  readonly appliedSeq: () => number
  readonly add: (entry: Entry) => void
  /** Called after each part. */
  readonly onChange: () => void
  /** Called when the run is reached: `error` if the rest cannot be read. */
  readonly onEnd: (failure?: { readonly error: unknown }) => void
}

export interface PastReader {
  /** False once all that the run has applied was read: the next entry is that of the run. */
  readonly isReading: boolean
  /** Resolves once the entries up to `seq` were read, or all. */
  until(seq: number): Promise<void>
  close(): void
}

/** The run is slowed down by less than a third, for a while. */
const pace: Pace = { sliceMs: 5, pauseMs: 12 }
const entriesAtOnce = 256

export function readPast(options: PastOptions): PastReader {
  const { read, from, appliedSeq, add, onChange, onEnd } = options
  const waiters = createWaiters()
  let isReading = true
  let seq = from

  const slices = createSlices((isLate) => {
    try {
      while (seq < appliedSeq()) {
        const entries = read(seq + 1, Math.min(entriesAtOnce, appliedSeq() - seq))
        for (const entry of entries) {
          if (entry.seq !== seq + 1) throw new RangeError(`entry ${entry.seq} is out of order`)
          add(entry)
          seq += 1
        }
        if (entries.length === 0) throw new RangeError(`entry ${seq + 1} is not there`)
        if (isLate()) break
      }
      waiters.reach(seq)
      if (seq === appliedSeq()) end()
    } catch (error) {
      end({ error })
    }
    onChange()
    return isReading
  }, pace)
  slices.start()

  function end(failure?: { readonly error: unknown }): void {
    isReading = false
    onEnd(failure)
    waiters.rest()
  }

  return {
    get isReading() {
      return isReading
    },
    until: (to) => (isReading && to > seq ? waiters.until(to) : Promise.resolve()),
    close() {
      isReading = false
      slices.close()
      waiters.rest()
    },
  }
}
