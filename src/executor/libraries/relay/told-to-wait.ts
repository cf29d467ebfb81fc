/** What a busy jar server says to those who are to come again. */
import { JarcastError } from '../../../errors.ts'

/** Its place in the line; undefined for any other error. */
export function placeOf(error: unknown): number | undefined {
  const place = error instanceof JarcastError ? error.details['place'] : undefined
  return typeof place === 'number' ? place : undefined
}

/** ms to wait before it is asked again, with a random part so that not all come at once; undefined where it said nothing. */
export function retryDelayOf(error: unknown): number | undefined {
  const ms = error instanceof JarcastError ? error.details['retryAfterMs'] : undefined
  return typeof ms === 'number' ? ms + Math.random() * jitterMs : undefined
}

const jitterMs = 500
