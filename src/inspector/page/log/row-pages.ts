/** What belongs to the entries of a long run, asked for in pages when it is looked at. */
import { signal, type ReadonlySignal } from '@preact/signals'

export interface RowPages<T> {
  /** Grows whenever rows were loaded. */
  readonly version: ReadonlySignal<number>
  /** A row; undefined until it is loaded. */
  at(index: number): T | undefined
  /** Requests the pages of these rows, and drops requests of an earlier call that still wait. */
  want(first: number, end: number): void
  /** Sets the number of rows; requests the last two pages of a log that is followed. */
  grow(count: number, isFollowed: boolean): void
}

const pageRows = 200
/** About 25,000 rows. */
const maxPages = 128
const maxLoading = 2

/** `load` answers rows from an index; fewer than asked for if there are no more. */
export function createRowPages<T>(
  load: (first: number, count: number) => Promise<readonly T[]>,
  firstCount: number,
): RowPages<T> {
  // In the order of use, so that the first is the one to forget.
  const pages = new Map<number, readonly T[]>()
  const loading = new Set<number>()
  // With how many rows in the log: a page that came short is not asked for again and again.
  const askedAt = new Map<number, number>()
  const failed = new Set<number>()
  const version = signal(0)
  let count = firstCount
  let wanted: readonly number[] = []
  let tail: readonly number[] = []

  return {
    version,
    at: (index) => pages.get(Math.floor(index / pageRows))?.[index % pageRows],
    want(first, end) {
      for (const page of failed) askedAt.delete(page)
      failed.clear()
      const numbers = Math.max(0, Math.ceil(end / pageRows) - Math.floor(first / pageRows))
      wanted = Array.from({ length: numbers }, (_, each) => Math.floor(first / pageRows) + each)
      loadNext()
    },
    grow(next, isFollowed) {
      count = next
      const last = Math.floor((count - 1) / pageRows)
      tail = isFollowed ? [last, last - 1].filter((page) => page >= 0) : []
      loadNext()
    },
  }

  function loadNext(): void {
    for (const page of [...tail, ...wanted]) {
      if (loading.size >= maxLoading) return
      if (!loading.has(page) && !isWhole(page) && askedAt.get(page) !== count) void loadPage(page)
    }
  }

  function isWhole(page: number): boolean {
    const rows = pages.get(page)
    if (rows === undefined) return page * pageRows >= count
    pages.delete(page)
    pages.set(page, rows)
    return rows.length >= Math.min(pageRows, count - page * pageRows)
  }

  async function loadPage(page: number): Promise<void> {
    loading.add(page)
    askedAt.set(page, count)
    try {
      pages.set(page, await load(page * pageRows, pageRows))
      for (const old of pages.keys()) if (pages.size > maxPages) forget(old)
      version.value += 1
    } catch {
      // Asked for again when its rows are looked at the next time, or when the log has grown.
      failed.add(page)
    } finally {
      loading.delete(page)
      loadNext()
    }
  }

  function forget(page: number): void {
    pages.delete(page)
    askedAt.delete(page)
  }
}
