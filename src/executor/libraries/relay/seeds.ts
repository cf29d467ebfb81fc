/** Complete libraries that this executor serves to others for some time. */
import type { Membership } from './membership.ts'
import type { RelayedBlob } from './blob/relayed-blob.ts'

export interface Seed {
  /** Ends the service. */
  readonly unserve: () => void
  readonly blob: RelayedBlob
  /** May resolve later, or reject. */
  readonly joining: Promise<Membership>
}

export interface Seeds {
  add(seed: Seed): void
  /** Ends all seeds. */
  close(): Promise<void>
}

/** Maximum number of seeds: each keeps a file open, and a part of it in memory. */
const maxSeeds = 8

/** Each seed ends after `seedMs`, or when there are too many. */
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
