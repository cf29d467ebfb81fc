/** Reports a fetch to the scheduler, and counts the bytes of an attempt. */
import type { Library } from '../../domain/libraries/library.ts'
import type { ExecutorMessage } from '../../domain/tasks/executor-message.ts'

/** Minimum time between two reports of bytes. */
const intervalMs = 500

/** Progress of one library over all its attempts. Messages go to `send`. */
export class FetchProgress {
  readonly #library: Library
  readonly #send: (message: ExecutorMessage) => void
  #heldBytes = 0
  /** Unknown before the first bytes of the attempt. */
  #attemptBytes: number | undefined
  #receivedBytes = 0
  #reportedMs = performance.now()

  constructor(library: Library, send: (message: ExecutorMessage) => void) {
    this.#library = library
    this.#send = send
  }

  /** Bytes received in this attempt. */
  get receivedBytes(): number {
    return this.#receivedBytes
  }

  startAttempt(): void {
    this.#attemptBytes = undefined
    this.#receivedBytes = 0
    this.#reportedMs = performance.now()
  }

  /** Takes the number of bytes of the library that are on disk. */
  hold(heldBytes: number): void {
    // Not counted: bytes of earlier attempts, and bytes after a new start from 0.
    const previousBytes = this.#attemptBytes ?? heldBytes - 1
    this.#receivedBytes += Math.max(0, heldBytes - previousBytes)
    this.#attemptBytes = heldBytes
    this.#heldBytes = heldBytes
    if (performance.now() - this.#reportedMs < intervalMs) return
    this.#reportedMs = performance.now()
    this.#report({})
  }

  /** The fetch has this place in the queue of a busy server. */
  queue(place: number): void {
    this.#report({ place })
  }

  #report(more: { readonly place?: number }): void {
    const { name, sha256, sizeBytes } = this.#library
    const receivedBytes = this.#heldBytes
    this.#send({ type: 'library.fetching', name, sha256, receivedBytes, sizeBytes, ...more })
  }
}
