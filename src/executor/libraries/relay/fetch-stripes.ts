/**
 * Fetches all stripes of a library at the same time, each from the source that the scheduler names,
 * or from another if that fails. The jar server helps when they are too slow.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Authorize } from '../../../domain/libraries/library-access.ts'
import { server } from '../../../domain/relay/relay-events.ts'
import { unavailable } from '../transfer/http-get.ts'
import { timeoutSignal } from '../../../timeout-signal.ts'
import { helpFromServer } from './help-from-server.ts'
import type { Membership } from './membership.ts'
import { createPace } from './pace.ts'
import { receiveStripe } from './receive-stripe.ts'
import type { RelayedBlob } from './relayed-blob.ts'
import type { Yardstick } from './yardstick.ts'

export interface StripesOptions {
  readonly blob: RelayedBlob
  /** Of the library, at the jar server. */
  readonly uri: string
  /** The server helps until it is there, too. */
  readonly joining: Promise<Membership>
  readonly yardstick: Yardstick
  readonly signal: AbortSignal
  /** Sign requests to the jar server and to other executors. */
  readonly authorize?: Authorize | undefined
  readonly authorizePeer?: Authorize
  /** Told of the bytes of each run, and of who sent it. */
  readonly onRun: (bytes: number, sourceId: string) => void
  /** Called with the place in the queue of the server. */
  readonly onPlace?: ((place: number) => void) | undefined
}

/** Between two looks at a source, and the more the longer the way is: who is next to a fault is to see it first. */
const lookMs = 1500
const lookMsPerHop = 500
const maxHops = 8
/** Time to wait for the names of sources before only the server is used. */
const joinMs = 1000
/** The server may have many to serve before: nobody stands in for it. */
const serverLookMs = 30_000
/** Other executors that may fail one stripe before the server is asked. */
const maxFaults = 8

/**
 * Resolves when the blob is complete. Rejects with `LIBRARY_UNAVAILABLE` when the server has failed too, with the signal's
 * reason when it is aborted, with the error of `joining`.
 */
export async function fetchStripes(options: StripesOptions): Promise<void> {
  const { blob, uri, joining, yardstick, authorize, authorizePeer, onRun, onPlace } = options
  const ended = new AbortController()
  const signal = AbortSignal.any([options.signal, blob.broken, ended.signal])
  const pace = createPace(blob.stripes.length)
  const full = blob.stripes.map(() => new AbortController())
  let membership: Membership | undefined

  function isFull(stripe: number): boolean {
    return blob.countOf(stripe) === blob.stripes[stripe]?.length
  }

  function note(stripe: number, bytes: number, sourceId: string): void {
    pace.add(stripe, bytes)
    onRun(bytes, sourceId)
    if (isFull(stripe)) full[stripe]?.abort()
  }

  function stripesOfOthers(): readonly number[] {
    return [...blob.stripes.keys()].filter(
      (stripe) => !isFull(stripe) && membership?.sourceOf(stripe).id !== server,
    )
  }

  async function fetchStripe(stripe: number): Promise<void> {
    const over = AbortSignal.any([signal, full[stripe]?.signal ?? signal])
    const joined = await Promise.race([joining, whenAborted(over)])
    signal.throwIfAborted()
    if (joined === undefined) return
    const { sourceOf, report, takeFromServer } = joined
    for (let faults = 0; !isFull(stripe);) {
      const source = sourceOf(stripe)
      const { id, hops, moved } = source
      const base = id === server ? uri : `http://${id}/blobs/${blob.sha256}/`
      const end = await receiveStripe(blob, stripe, new URL(`stripes/${stripe}/`, base).href, {
        signal: AbortSignal.any([over, moved]),
        authorize: id === server ? authorize : authorizePeer,
        lookMs: id === server ? serverLookMs : lookMs + lookMsPerHop * Math.min(maxHops, hops),
        isSlow: () => id !== server && pace.lags(stripe),
        onRun: (bytes) => note(stripe, bytes, id),
      })
      signal.throwIfAborted()
      if (end === undefined) continue
      if (id === server) {
        if (end.place === undefined)
          throw unavailable(uri, `stripe ${stripe} is not to be had`, true)
        onPlace?.(end.place)
        const waiting = AbortSignal.any([over, moved])
        await sleep(end.retryDelayMs, undefined, { signal: waiting }).catch(() => undefined)
        signal.throwIfAborted()
        continue
      }
      faults += 1
      await Promise.race([report(stripe, source, end.fault), whenAborted(over)])
      if (faults >= maxFaults) takeFromServer(stripe)
    }
  }

  /** Many hosts that join together must not all start at the server. */
  async function help(): Promise<void> {
    const limit = AbortSignal.any([signal, timeoutSignal(joinMs)])
    await Promise.race([joining.catch(() => undefined), whenAborted(limit)])
    yardstick.begin()
    await helpFromServer({
      blob,
      uri,
      yardstick,
      signal,
      authorize,
      open: stripesOfOthers,
      onRun: (stripe, bytes) => note(stripe, bytes, server),
    })
  }

  async function fetchAll(): Promise<void> {
    await Promise.all(blob.stripes.map((_, stripe) => fetchStripe(stripe)))
  }

  joining.then((joined) => (membership = joined)).catch(() => undefined)
  for (const [stripe, controller] of full.entries()) if (isFull(stripe)) controller.abort()
  const helping = help()
  const fetching = fetchAll()
  try {
    await Promise.race([fetching, Promise.all(full.map((each) => whenAborted(each.signal)))])
  } finally {
    ended.abort()
    await Promise.allSettled([fetching, helping])
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
