import { MemoryReader } from './blob.ts'
import type { StagedBlob } from './blob.ts'

/** Keeps often requested blobs in memory. */
export interface BlobCache {
  /** A reader from memory; undefined if the caller must read the file. Never rejects. */
  borrow(blob: StagedBlob): Promise<MemoryReader | undefined>
  /** As `borrow`, but only if the bytes are in memory already. */
  borrowLoaded(blob: StagedBlob): MemoryReader | undefined
  /** Bytes held or reserved; never above the budget. */
  heldBytes(): number
}

export interface BlobCacheOptions {
  /** Maximum number of bytes held; 0 holds none. */
  readonly budgetBytes: number
  /** Blobs up to this size are kept from their first request on. Default 0. */
  readonly smallBytes?: number
  /** Reads the whole blob, exactly `sizeBytes` of it. */
  readonly load: (blob: StagedBlob) => Promise<Buffer>
}

interface Entry {
  readonly bytes: Promise<Buffer | undefined>
  /** `bytes` once they are there. */
  loaded: Buffer | undefined
  readonly sizeBytes: number
  borrowers: number
  readonly giveBack: () => void
}

/**
 * Keeps blobs from their second request on, and drops the least recently used ones. Never drops
 * borrowed bytes: slow clients would keep them in memory outside the budget.
 */
export function createBlobCache({
  budgetBytes,
  smallBytes = 0,
  load,
}: BlobCacheOptions): BlobCache {
  const entries = new Map<string, Entry>() // least recently used first
  const askedOnce = new Set<string>()
  /** The last one of the entries: moving it there again costs more than finding it. */
  let newest: Entry | undefined
  let heldBytes = 0

  function forget(sha256: string, entry: Entry): void {
    if (entries.get(sha256) !== entry) return
    entries.delete(sha256)
    if (entry === newest) newest = undefined
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
    if (blob.sizeBytes > smallBytes && !askedOnce.has(blob.sha256)) {
      askedOnce.add(blob.sha256)
      return undefined
    }
    if (!makeRoom(blob.sizeBytes)) return undefined
    const bytes = load(blob).catch(() => undefined)
    heldBytes += blob.sizeBytes
    const entry: Entry = {
      bytes,
      loaded: undefined,
      sizeBytes: blob.sizeBytes,
      borrowers: 0,
      giveBack: () => (entry.borrowers -= 1),
    }
    void bytes.then((loaded) => (entry.loaded = loaded))
    return entry
  }

  function take({ sha256 }: StagedBlob, entry: Entry): void {
    entry.borrowers += 1
    if (entry === newest) return
    newest = entry
    entries.delete(sha256)
    entries.set(sha256, entry)
  }

  return {
    heldBytes: () => heldBytes,
    async borrow(blob) {
      const entry = entries.get(blob.sha256) ?? admit(blob)
      if (!entry) return undefined
      take(blob, entry)
      const bytes = await entry.bytes
      if (bytes) return new MemoryReader(bytes, entry.giveBack)
      forget(blob.sha256, entry)
      return undefined
    },
    borrowLoaded(blob) {
      const entry = entries.get(blob.sha256)
      if (entry?.loaded === undefined) return undefined
      take(blob, entry)
      return new MemoryReader(entry.loaded, entry.giveBack)
    },
  }
}
