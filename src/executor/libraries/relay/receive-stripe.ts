/** One stripe from one source. */
import type { Authorize } from '../../../domain/libraries/library-access.ts'
import type { RelayFault } from '../../../domain/relay/relay-events.ts'
import { openUri } from '../transfer/http-get.ts'
import type { RelayedBlob } from './relayed-blob.ts'
import { createStripeIntake } from './stripe-intake.ts'
import { placeOf, retryDelayOf } from './told-to-wait.ts'

export interface StripeOptions {
  /** Ends it, with nothing said of the source. */
  readonly signal: AbortSignal
  /** Signs the request. */
  readonly authorize?: Authorize | undefined
  /** How often the source is looked at, ms: one that sent nothing since is given up. */
  readonly lookMs: number
  /** Whether a source that does send is too slow. */
  readonly isSlow: () => boolean
  readonly onRun: (bytes: number) => void
}

/** Why a source stopped. */
export type StripeEnd =
  | { readonly fault: RelayFault; readonly place?: undefined }
  /** The source is busy, and says when to retry. */
  | { readonly fault: 'slow'; readonly place: number; readonly retryDelayMs: number }

/** Number of runs that others may have delivered before the source is asked for later ones. */
const maxRepeated = 8

/**
 * Receives what is missing of a stripe, from `uri` with the number of the first missing run behind
 * it. Resolves to what is wrong with the source: `wrong` at the first chunk that is, `slow` for one
 * that is busy. To undefined when the stripe is complete, when others brought much of it meanwhile,
 * or the signal is aborted.
 */
export async function receiveStripe(
  blob: RelayedBlob,
  stripe: number,
  uri: string,
  options: StripeOptions,
): Promise<StripeEnd | undefined> {
  const watch = watchSource(options)
  const first = blob.countOf(stripe)
  const intake = createStripeIntake(blob.stripes[stripe]?.slice(first) ?? [])
  let index = first
  try {
    const signal = AbortSignal.any([options.signal, watch.ended])
    const response = await openUri(`${uri}${first}`, { signal, authorize: options.authorize })
    for await (const bytes of response as AsyncIterable<Buffer>) {
      watch.note()
      for (const run of intake.add(bytes)) {
        if (run === 'wrong') return { fault: 'wrong' }
        if (blob.countOf(stripe) === index) {
          const room = blob.write(stripe, run)
          options.onRun(run.length)
          await room
        }
        index += 1
      }
      if (blob.countOf(stripe) - index > maxRepeated) return undefined
    }
    return intake.isFull() ? undefined : { fault: 'dead' }
  } catch (error) {
    return options.signal.aborted ? undefined : endOf(error, watch.fault())
  } finally {
    watch.stop()
  }
}

function endOf(error: unknown, fault: RelayFault): StripeEnd {
  const place = placeOf(error)
  const retryDelayMs = retryDelayOf(error)
  if (place !== undefined && retryDelayMs !== undefined)
    return { fault: 'slow', place, retryDelayMs }
  // A busy source is alive, and others may need it.
  return { fault: retryDelayMs === undefined ? fault : 'slow' }
}

interface Watch {
  /** Something came. */
  note(): void
  /** Aborted to give up the source. */
  readonly ended: AbortSignal
  fault(): RelayFault
  stop(): void
}

function watchSource({ lookMs, isSlow }: StripeOptions): Watch {
  const controller = new AbortController()
  let hasCome = false
  let isIdle = true
  let fault: RelayFault = 'dead'
  const timer = setInterval(() => {
    if (!isIdle && !isSlow()) {
      isIdle = true
      return
    }
    // One that has sent something may itself be waiting for more.
    fault = hasCome ? 'slow' : 'dead'
    controller.abort()
  }, lookMs)
  return {
    note() {
      hasCome = true
      isIdle = false
    },
    ended: controller.signal,
    fault: () => fault,
    stop: () => clearInterval(timer),
  }
}
