/** Libraries that are here, and are served to others for a while. */
import type { Membership } from './membership.ts'
import type { RelayedBlob } from './relayed-blob.ts'

export interface Seed {
  /** Ends that it is served. */
  readonly unserve: () => void
  readonly blob: RelayedBlob
  /** May come about only after the library is here, or not at all. */
  readonly joining: Promise<Membership>
}

export interface Seeds {
  add(seed: Seed): void
  /** Ends them all. */
  close(): Promise<void>
}

/** Each keeps a file open, and a part of it in memory. */
const maxSeeds = 8

/** Each is served for `seedMs`, or until there are too many. */
export function createSeeds(seedMs: number): Seeds {
  const ends = new Set<() => Promise<void>>()

  async function endAll(which: readonly (() => Promise<void>)[]): Promise<void> {
    await Promise.allSettled(which.map((end) => end()))
  }

  return {
    add({ unserve, blob, joining }) {
      joining.then((membership) => membership.finish()).catch(() => undefined)
      const end = async (): Promise<void> => {
        clearTimeout(timer)
        ends.delete(end)
        unserve()
        await joining.then((membership) => membership.leave()).catch(() => undefined)
        await blob.close()
      }
      const timer = setTimeout(() => void endAll([end]), seedMs)
      // Serving does not keep the executor alive.
      timer.unref()
      ends.add(end)
      void endAll([...ends].slice(0, -maxSeeds))
    },
    close: () => endAll([...ends]),
  }
}
