/** All stripes of a library at the same time, each from the source that the scheduler names, and another when that fails. */
import type { Authorize } from '../../../domain/library-access.ts'
import { server } from '../../../domain/relay-plan.ts'
import { unavailable } from '../http-get.ts'
import type { Membership } from './membership.ts'
import { createPace } from './pace.ts'
import { receiveStripe } from './receive-stripe.ts'
import type { RelayedBlob } from './relayed-blob.ts'

export interface StripesOptions {
  readonly blob: RelayedBlob
  /** Of the library, at the jar server. */
  readonly uri: string
  readonly membership: Membership
  readonly signal: AbortSignal
  /** Sign requests to the jar server, and to other executors. */
  readonly authorize?: Authorize | undefined
  readonly authorizePeer?: Authorize
  /** Told of the bytes of each run, and of who sent it. */
  readonly onRun: (bytes: number, sourceId: string) => void
}

/** Between two looks at a source, and the more the longer the way is: who is next to a fault is to see it first. */
const lookMs = 1500
const lookMsPerHop = 500
/** The server may have many to serve before: nobody stands in for it. */
const serverLookMs = 30_000
/** Other executors that may fail one stripe before the server is asked. */
const maxFaults = 8

/**
 * Resolves when the blob is complete. Rejects with `LIBRARY_UNAVAILABLE` when the server has failed too, with the signal's
 * reason when it is aborted.
 */
export async function fetchStripes(options: StripesOptions): Promise<void> {
  const { blob } = options
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, blob.broken, failed.signal])
  const pace = createPace(blob.stripes.length)

  async function fetchStripe(stripe: number): Promise<void> {
    const { uri, membership, authorize, authorizePeer, onRun } = options
    const runs = blob.stripes[stripe] ?? []
    for (let faults = 0; blob.countOf(stripe) < runs.length;) {
      const source = membership.sourceOf(stripe)
      const { id, hops, moved } = source
      const base = id === server ? uri : `http://${id}/blobs/${blob.sha256}/`
      const fault = await receiveStripe(blob, stripe, new URL(`stripes/${stripe}/`, base).href, {
        signal: AbortSignal.any([signal, moved]),
        authorize: id === server ? authorize : authorizePeer,
        lookMs: id === server ? serverLookMs : lookMs + lookMsPerHop * hops,
        isSlow: () => id !== server && pace.lags(stripe),
        onRun(bytes) {
          pace.add(stripe, bytes)
          onRun(bytes, id)
        },
      })
      signal.throwIfAborted()
      if (fault === undefined) continue
      if (id === server) throw unavailable(uri, `stripe ${stripe} is not to be had`, true)
      faults += 1
      await membership.report(stripe, source, fault)
      if (faults >= maxFaults) membership.takeFromServer(stripe)
    }
  }

  const stripes = blob.stripes.map((_, stripe) => fetchStripe(stripe))
  try {
    await Promise.all(stripes)
  } catch (error) {
    failed.abort()
    await Promise.allSettled(stripes)
    throw error
  }
}
