/** Receives one stripe from one source. */
import type { Writable } from 'node:stream'
import type { Authorize } from '../../../domain/libraries/library-access.ts'
import type { RelayFault } from '../../../domain/relay/relay-events.ts'
import { openUri } from '../transfer/http-get.ts'
import type { RelayedBlob } from './blob/relayed-blob.ts'
import { createStripeIntake } from './stripe-intake.ts'
import { placeOf, retryDelayOf } from './busy-answer.ts'

export interface StripeOptions {
  /** Ends it without a fault. */
  readonly signal: AbortSignal
  /** Signs the request. */
  readonly authorize?: Authorize | undefined
  /** Time between two checks, ms. A source that sent nothing since the last one is given up. */
  readonly lookMs: number
  /** True if a source that sends bytes is too slow. */
  readonly isSlow: () => boolean
  /**
   * Runs to request. Default: all, and a byte in the body of the request acknowledges each, so that
   * the source knows how many are on their way.
   */
  readonly runs?: number
  readonly onRun: (bytes: number) => void
}

/** Why a source stopped. */
export type StripeEnd =
  | { readonly fault: RelayFault; readonly place?: undefined }
  /** The source is busy, and gives the time of a retry. */
  | { readonly fault: 'slow'; readonly place: number; readonly retryDelayMs: number }

/** Maximum number of runs that another source delivered meanwhile; then a new request starts. */
const maxRepeated = 8

/**
 * Receives the missing runs of a stripe from `uri`, to which it adds the number of the first one.
 * Resolves to the fault of the source: `wrong` for a chunk with another digest, `slow` also for a
 * busy source, `dead` otherwise. Resolves to undefined if all requested runs came, if other sources
 * delivered many of them, or if the signal is aborted.
 */
export async function receiveStripe(
  blob: RelayedBlob,
  stripe: number,
  uri: string,
  options: StripeOptions,
): Promise<StripeEnd | undefined> {
  const watch = watchSource(options)
  const first = blob.countOf(stripe)
  const runs = blob.stripes[stripe]?.slice(first).slice(0, options.runs) ?? []
  const range = options.runs === undefined ? `${first}` : `${first}-${first + runs.length - 1}`
  const intake = createStripeIntake(runs)
  let index = first
  let receipts: Writable | undefined
  try {
    const signal = AbortSignal.any([options.signal, watch.ended])
    const response = await openUri(`${uri}${range}`, {
      signal,
      authorize: options.authorize,
      onBody: options.runs === undefined ? (body) => (receipts = body) : undefined,
    })
    for await (const bytes of response as AsyncIterable<Buffer>) {
      watch.note()
      const before = index
      for (const run of intake.add(bytes)) {
        if (run === 'wrong') return { fault: 'wrong' }
        if (blob.countOf(stripe) === index) {
          const room = blob.write(stripe, run)
          options.onRun(run.length)
          await room
        }
        index += 1
      }
      if (index > before) receipts?.write('.'.repeat(index - before))
      if (blob.countOf(stripe) - index > maxRepeated) return undefined
    }
    return intake.isFull() ? undefined : { fault: 'dead' }
  } catch (error) {
    return options.signal.aborted ? undefined : endOf(error, watch.fault())
  } finally {
    watch.stop()
    receipts?.end()
  }
}

function endOf(error: unknown, fault: RelayFault): StripeEnd {
  const place = placeOf(error)
  const retryDelayMs = retryDelayOf(error)
  if (place !== undefined && retryDelayMs !== undefined)
    return { fault: 'slow', place, retryDelayMs }
  // A busy source is not dead: other hosts may use it.
  return { fault: retryDelayMs === undefined ? fault : 'slow' }
}

interface Watch {
  /** The source sent bytes. */
  note(): void
  /** Aborted when the source is given up. */
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
    // A source that sent bytes may be waiting for its own source.
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
