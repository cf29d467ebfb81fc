/** Requests parts of a library before they are needed, so that their round trips overlap. */
import type { Library } from '../../../domain/libraries/library.ts'
import { fetchPart } from '../transfer/fetch-part.ts'
import type { PartOptions } from '../transfer/fetch-part.ts'
import { sizeOf, startOf } from './parts.ts'
import type { Part } from './parts.ts'

/** Requests at the same time. Their answers are in memory. */
const maxAhead = 4

/**
 * Returns a function that resolves to the bytes of the next part, in the order of `parts`. It
 * rejects as `fetchPart`. Abort the signal after an error, which ends the other requests.
 */
export function createFetchAhead(
  library: Library,
  uri: string,
  parts: readonly Part[],
  options: PartOptions,
): () => Promise<Buffer> {
  const waiting = [...parts]
  const requested: Promise<Buffer>[] = []

  function request(part: Part): void {
    const place = { offset: startOf(part), length: sizeOf(part.chunks) }
    const bytes = fetchPart(library, uri, place, options)
    // It is awaited later, or never.
    bytes.catch(() => undefined)
    requested.push(bytes)
  }

  return async () => {
    for (const part of waiting.splice(0, maxAhead - requested.length)) request(part)
    const next = requested.shift()
    if (next === undefined) throw new RangeError('there is no further part')
    return await next
  }
}
