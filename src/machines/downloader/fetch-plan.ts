/**
 * The order in which the libraries of a set are fetched: several at a time, in class-path order.
 * After repeated failures a source is left out for a while, then asked for one library before
 * others; meanwhile other sources are used.
 */

export interface PlannedFetch {
  /** Name of the library. */
  readonly name: string
  readonly source: string
  readonly state: 'waiting' | 'fetching' | 'backingOff' | 'fetched'
  /** Attempts since the last progress: bytes or a place in the queue of the source. */
  readonly attempts: number
  /** Its best place in the queue of the source; absent while it is not queued. */
  readonly place?: number | undefined
  /** True after the first attempt began. */
  readonly isStarted: boolean
}

export interface SourceHealth {
  /** Failures in a row since the last progress. */
  readonly failures: number
  readonly isPaused: boolean
}

export interface FetchPlan {
  /** In class-path order. */
  readonly fetches: readonly PlannedFetch[]
  /** Sources that were used, by address. */
  readonly sources: Readonly<Record<string, SourceHealth>>
}

/** Number of bytes in one attempt that counts as progress. */
const noticedBytes = 64 * 1024
/** Failures in a row after which a source is left out for a while. */
const maxFailures = 4
const healthy: SourceHealth = { failures: 0, isPaused: false }

export const emptyPlan: FetchPlan = { fetches: [], sources: {} }

/** A plan that fetches all libraries. */
export function planFetches(
  libraries: readonly { readonly name: string; readonly uri: string }[],
): FetchPlan {
  const fetches = libraries.map(({ name, uri }) => ({
    name,
    source: sourceOf(uri),
    state: 'waiting' as const,
    attempts: 0,
    isStarted: false,
  }))
  return { fetches, sources: {} }
}

/** The fetches to start now, with at most `concurrency` at the same time. */
export function nextFetches(plan: FetchPlan, concurrency: number): readonly PlannedFetch[] {
  const underWay = plan.fetches.filter(({ state }) => state === 'fetching')
  const next: PlannedFetch[] = []
  for (const fetch of plan.fetches) {
    if (underWay.length + next.length >= concurrency) break
    if (fetch.state !== 'waiting') continue
    const { failures, isPaused } = healthOf(plan, fetch.source)
    const isAsked = [...underWay, ...next].some(({ source }) => source === fetch.source)
    if (isPaused || (failures >= maxFailures && isAsked)) continue
    next.push(fetch)
  }
  return next
}

export function startFetch(plan: FetchPlan, name: string): FetchPlan {
  return change(plan, name, ({ attempts }) => ({
    state: 'fetching',
    attempts: attempts + 1,
    isStarted: true,
  }))
}

/** The plan after a library was fetched. */
export function endFetch(plan: FetchPlan, name: string): FetchPlan {
  return withHealth(
    change(plan, name, () => ({ state: 'fetched' })),
    name,
    () => healthy,
  )
}

/** The result of a failed attempt. */
export interface Attempt {
  /** Bytes received in this attempt and kept. Default 0. */
  readonly receivedBytes?: number
  /** Place of the library in the queue of its busy source. */
  readonly place?: number
}

/** True if the source sent bytes or gave a place: then it has not failed. */
export function isAlive({ receivedBytes = 0, place }: Attempt): boolean {
  return receivedBytes > 0 || place !== undefined
}

/**
 * True for progress: many bytes, or a better place than before. Places improve a limited number of
 * times.
 */
export function isNearer(
  plan: FetchPlan,
  name: string,
  { receivedBytes = 0, place }: Attempt,
): boolean {
  const best = findFetch(plan, name)?.place ?? Infinity
  return receivedBytes >= noticedBytes || (place !== undefined && place < best)
}

/** The plan after a failed attempt: the library backs off. */
export function failFetch(plan: FetchPlan, name: string, attempt: Attempt): FetchPlan {
  const { receivedBytes = 0, place } = attempt
  const failed = change(plan, name, ({ attempts, place: best }) => ({
    state: 'backingOff',
    attempts: isAlive(attempt) ? 0 : attempts,
    place: receivedBytes > 0 ? place : leastOf(best, place),
  }))
  return withHealth(failed, name, ({ failures, isPaused }) =>
    isAlive(attempt)
      ? healthy
      : { failures: failures + 1, isPaused: isPaused || failures + 1 >= maxFailures },
  )
}

/** The plan after the back-off of a library. */
export function retryFetch(plan: FetchPlan, name: string): FetchPlan {
  return change(plan, name, () => ({ state: 'waiting' }))
}

/** The plan after the back-off of a source: one library tries it. */
export function resumeSource(plan: FetchPlan, source: string): FetchPlan {
  const health = { ...healthOf(plan, source), isPaused: false }
  return { ...plan, sources: { ...plan.sources, [source]: health } }
}

export function isSourcePaused(plan: FetchPlan, source: string): boolean {
  return healthOf(plan, source).isPaused
}

export function findFetch({ fetches }: FetchPlan, name: string): PlannedFetch | undefined {
  return fetches.find((fetch) => fetch.name === name)
}

/** Scheme, host and port of a URI; the URI itself if it has none. */
export function sourceOf(uri: string): string {
  return /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i.exec(uri)?.[0].toLowerCase() ?? uri
}

function leastOf(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)
}

function change(
  plan: FetchPlan,
  name: string,
  next: (fetch: PlannedFetch) => Partial<PlannedFetch>,
): FetchPlan {
  const fetches = plan.fetches.map((fetch) =>
    fetch.name === name ? { ...fetch, ...next(fetch) } : fetch,
  )
  return { ...plan, fetches }
}

function withHealth(
  plan: FetchPlan,
  name: string,
  next: (health: SourceHealth) => SourceHealth,
): FetchPlan {
  const source = findFetch(plan, name)?.source
  if (source === undefined) return plan
  return { ...plan, sources: { ...plan.sources, [source]: next(healthOf(plan, source)) } }
}

function healthOf({ sources }: FetchPlan, source: string): SourceHealth {
  return Object.hasOwn(sources, source) ? (sources[source] ?? healthy) : healthy
}
