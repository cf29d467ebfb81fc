/** Measures how fast a server sends, to choose between a plain request and a delta. */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Library } from '../../../domain/libraries/library.ts'
import { fetchPart } from '../transfer/fetch-part.ts'
import type { PartOptions } from '../transfer/fetch-part.ts'
import { writeAll } from '../transfer/write-all.ts'

export interface ServerProbe {
  /** Bytes that the file got. */
  readonly receivedBytes: number
  /** True if the server sends too fast for a delta to save time. */
  readonly isFast: boolean
}

/**
 * Fetched to measure, the second only if the first was fast: servers and networks that limit the
 * rate let a burst pass. The first takes 42 ms at 50 Mbit/s.
 */
const probeBytes = [256 * 1024, 2 * 1024 * 1024]
/**
 * A faster server sends the whole library in less time than a host needs to cut an older version
 * into chunks, compare them and copy them: about 600 Mbit/s.
 */
const fastBytesPerMs = 75_000

export interface ProbeOptions extends Omit<PartOptions, 'onBytes'> {
  /** Time in ms, from any point on. Default: that of this process. */
  readonly now?: (() => number) | undefined
}

/**
 * Extends the file at `path`, which is empty or holds a beginning of the library. Errors:
 * `LIBRARY_UNAVAILABLE`.
 */
export async function probeServer(
  library: Library,
  uri: string,
  path: string,
  { now = () => performance.now(), ...options }: ProbeOptions,
): Promise<ServerProbe> {
  const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
  try {
    const { size } = await file.stat()
    let receivedBytes = 0
    for (const length of probeBytes) {
      const offset = size + receivedBytes
      // Too little is left for a delta to save time.
      if (offset + length > library.sizeBytes) break
      const speed = createSpeed(now)
      const bytes = await fetchPart(library, uri, { offset, length }, { ...options, ...speed })
      await writeAll(file, bytes, offset)
      receivedBytes += length
      if (speed.bytesPerMs() < fastBytesPerMs) return { receivedBytes, isFast: false }
    }
    return { receivedBytes, isFast: true }
  } finally {
    await file.close()
  }
}

/** Counts from the first piece on: how long the request itself takes is no matter of speed. */
function createSpeed(now: () => number) {
  let startedMs = Infinity
  let lastMs = 0
  let bytes = 0
  return {
    onBytes(count: number) {
      lastMs = now()
      if (startedMs === Infinity) startedMs = lastMs
      else bytes += count
    },
    /** Infinity if all came in one piece. */
    bytesPerMs: () => (lastMs > startedMs ? bytes / (lastMs - startedMs) : Infinity),
  }
}
