/**
 * Fetches pieces of a library from the jar server while the library arrives at less than half the
 * speed of the server alone. So other executors can at most double the time. Pieces start small,
 * and double while they are needed. Each piece measures the speed of the server again, so a busy
 * server gets few requests.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Authorize } from '../../../domain/libraries/library-access.ts'
import { openUri } from '../transfer/http-get.ts'
import type { RelayedBlob } from './blob/relayed-blob.ts'
import { createStripeIntake } from './stripe-intake.ts'
import { retryDelayOf } from './busy-answer.ts'
import type { ServerSpeed } from './server-speed.ts'

export interface HelpOptions {
  readonly blob: RelayedBlob
  /** URI of the library at the jar server. */
  readonly uri: string
  readonly serverSpeed: ServerSpeed
  /** Signs requests to the jar server. */
  readonly authorize?: Authorize | undefined
  readonly signal: AbortSignal
  /** Stripes that come from other executors. The others come from the server already. */
  readonly open: () => readonly number[]
  readonly onRun: (stripe: number, bytes: number) => void
}

const minPieceBytes = 32 * 1024
const maxPieceBytes = 8 * 1024 * 1024
/** Time between two checks. */
const minPauseMs = 10
const maxPauseMs = 100
/** Pause after a failure, doubled with each. */
const failurePauseMs = 250
/**
 * Part of the received bytes that is fetched only to measure the server. All hosts do that: 1/64
 * costs the server a third of the library for 24 hosts.
 */
const askedPart = 1 / 1024

/** Resolves when the blob is complete or the signal is aborted. */
export async function helpFromServer(options: HelpOptions): Promise<void> {
  const { blob, serverSpeed, signal, open } = options
  const startBytes = blob.heldBytes
  let pieceBytes = minPieceBytes
  let helpedBytes = 0
  let failures = 0

  function noteRun(stripe: number, bytes: number): void {
    helpedBytes += bytes
    options.onRun(stripe, bytes)
  }

  async function fetchNext(): Promise<void> {
    const piece = nextPiece(blob, open(), pieceBytes)
    if (piece === undefined) return
    const startedMs = performance.now()
    try {
      await fetchPiece(piece, { ...options, onRun: noteRun })
      serverSpeed.note(piece.bytes, performance.now() - startedMs)
      failures = 0
    } catch (error) {
      failures += 1
      await pause(retryDelayOf(error) ?? failurePauseMs * 2 ** Math.min(failures - 1, 4), signal)
    }
  }

  while (!signal.aborted) {
    // Bytes of this help do not count; otherwise it would run only half of the time.
    const receivedBytes = blob.heldBytes - startBytes - helpedBytes
    const askedBytes = receivedBytes * askedPart - helpedBytes
    if (open().length === 0) {
      await pause(maxPauseMs, signal)
    } else if (serverSpeed.isBehind(receivedBytes)) {
      await fetchNext()
      pieceBytes = Math.min(maxPieceBytes, pieceBytes * 2)
    } else if (askedBytes > minPieceBytes) {
      pieceBytes = askedBytes
      await fetchNext()
    } else {
      pieceBytes = Math.max(minPieceBytes, pieceBytes / 2)
      await pause(Math.min(maxPauseMs, serverSpeed.untilBehindMs(receivedBytes)), signal)
    }
  }
}

interface Piece {
  readonly stripe: number
  readonly first: number
  readonly last: number
  readonly bytes: number
}

/**
 * Chooses runs of the stripe that is furthest behind: at least one, otherwise at most this number
 * of bytes.
 */
function nextPiece(
  blob: RelayedBlob,
  open: readonly number[],
  pieceBytes: number,
): Piece | undefined {
  const { stripes } = blob
  const offsetOf = (stripe: number): number =>
    stripes[stripe]?.[blob.countOf(stripe)]?.offset ?? Infinity
  const [stripe = 0] = open.toSorted((one, two) => offsetOf(one) - offsetOf(two))
  const first = blob.countOf(stripe)
  const runs = stripes[stripe]?.slice(first) ?? []
  if (runs.length === 0) return undefined
  let last = first
  let bytes = runs[0]?.sizeBytes ?? 0
  for (const { sizeBytes } of runs.slice(1)) {
    if (bytes + sizeBytes > pieceBytes) break
    bytes += sizeBytes
    last += 1
  }
  return { stripe, first, last, bytes }
}

async function fetchPiece(
  { stripe, first, last }: Piece,
  { blob, uri, signal, authorize, onRun }: HelpOptions,
): Promise<void> {
  const intake = createStripeIntake(blob.stripes[stripe]?.slice(first, last + 1) ?? [])
  const response = await openUri(new URL(`stripes/${stripe}/${first}-${last}`, uri).href, {
    signal,
    authorize,
  })
  let index = first
  try {
    for await (const bytes of response as AsyncIterable<Buffer>) {
      for (const run of intake.add(bytes)) {
        if (run === 'wrong')
          throw new Error('a chunk from the server has another digest than in its list')
        // Another source may have delivered it meanwhile.
        if (blob.countOf(stripe) === index) {
          const room = blob.write(stripe, run)
          onRun(stripe, run.length)
          await room
        }
        index += 1
      }
    }
  } finally {
    response.destroy()
  }
  if (!intake.isFull()) throw new Error('the server sent fewer bytes than requested')
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(minPauseMs, ms), undefined, { signal }).catch(() => undefined)
}
