/** Detects recorded requests that an attacker sends again. */
export interface Seen {
  /** True the first time. */
  isNew(id: string): boolean
}

/** Each entry is a MAC: about 10 MB when full. Only clients with a key can fill it. */
const maxIds = 65_536

/** Remembers ids for `keepMs`, but only the last 65,536. `now`: ms. */
export function createSeen(keepMs: number, now: () => number): Seen {
  // Oldest first.
  const ids = new Map<string, number>()
  return {
    isNew(id) {
      const nowMs = now()
      for (const [oldest, seenMs] of ids) {
        if (nowMs - seenMs <= keepMs && ids.size < maxIds) break
        ids.delete(oldest)
      }
      if (ids.has(id)) return false
      ids.set(id, nowMs)
      return true
    },
  }
}
