/** Reads the answer of a busy jar server. */
import { JarcastError } from '../../../errors.ts'

/** The place in the queue; undefined for any other error. */
export function placeOf(error: unknown): number | undefined {
  const place = error instanceof JarcastError ? error.details['place'] : undefined
  return typeof place === 'number' ? place : undefined
}

/** Time until a retry, ms, with a random part; undefined if the server gave no time. */
export function retryDelayOf(error: unknown): number | undefined {
  const ms = error instanceof JarcastError ? error.details['retryAfterMs'] : undefined
  return typeof ms === 'number' ? ms + Math.random() * jitterMs : undefined
}

const jitterMs = 500
