import { readMemory } from './blob.ts'
import type { BlobReader, StagedBlob } from './blob.ts'

/** Keeps often requested blobs in memory. */
export interface BlobCache {
  /** A reader from memory; undefined if the caller must read the file. Never rejects. */
  borrow(blob: StagedBlob): Promise<BlobReader | undefined>
  /** Bytes held or reserved; never above the budget. */
  heldBytes(): number
}

export interface BlobCacheOptions {
  /** Maximum number of bytes held; 0 holds none. */
  readonly budgetBytes: number
  /** Reads the whole blob, exactly `sizeBytes` of it. */
  readonly load: (blob: StagedBlob) => Promise<Buffer>
}

interface Entry {
  readonly bytes: Promise<Buffer | undefined>
  readonly sizeBytes: number
  borrowers: number
}

/**
 * Keeps blobs from their second request on, and drops the least recently used ones. Never drops
 * borrowed bytes: slow clients would keep them in memory outside the budget.
 */
export function createBlobCache({ budgetBytes, load }: BlobCacheOptions): BlobCache {
  const entries = new Map<string, Entry>() // least recently used first
  const askedOnce = new Set<string>()
  let heldBytes = 0

  function forget(sha256: string, entry: Entry): void {
    if (entries.get(sha256) !== entry) return
    entries.delete(sha256)
    heldBytes -= entry.sizeBytes
  }

  function makeRoom(sizeBytes: number): boolean {
    const idle = [...entries].filter(([, entry]) => entry.borrowers === 0)
    const idleBytes = idle.reduce((sum, [, entry]) => sum + entry.sizeBytes, 0)
    if (heldBytes - idleBytes + sizeBytes > budgetBytes) return false
    for (const [sha256, entry] of idle) {
      if (heldBytes + sizeBytes <= budgetBytes) break
      forget(sha256, entry)
    }
    return true
  }

  function admit(blob: StagedBlob): Entry | undefined {
    if (!askedOnce.has(blob.sha256)) {
      askedOnce.add(blob.sha256)
      return undefined
    }
    if (!makeRoom(blob.sizeBytes)) return undefined
    const bytes = load(blob).catch(() => undefined)
    heldBytes += blob.sizeBytes
    return { bytes, sizeBytes: blob.sizeBytes, borrowers: 0 }
  }

  return {
    heldBytes: () => heldBytes,
    async borrow(blob) {
      const entry = entries.get(blob.sha256) ?? admit(blob)
      if (!entry) return undefined
      entries.delete(blob.sha256)
      entries.set(blob.sha256, entry)
      entry.borrowers += 1
      const bytes = await entry.bytes
      if (bytes)
        return readMemory(
          bytes,
          once(() => (entry.borrowers -= 1)),
        )
      forget(blob.sha256, entry)
      return undefined
    },
  }
}

function once(run: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) run()
    isDone = true
  }
}
