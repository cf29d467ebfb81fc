/** The bytes of a file that may still grow, in order, each once. */
import type { JarcastError } from '../../errors.ts'
import type { FilePart } from '../../mesos/read-file.ts'
import { maxPartBytes } from './agent-files.ts'
import { askAgain, patienceMs, pause } from './ask-again.ts'

export interface FollowOptions {
  /** Undefined while there is no such file. */
  readonly read: (offset: number) => Promise<FilePart | undefined>
  /** Byte to begin with. */
  readonly offset: number
  /**
   * True once nothing more will be written; asked at the start and while the file does not grow.
   * Without it, reading ends at the end of the file as it is.
   */
  readonly isOver?: () => Promise<boolean>
  /** Called when an answer is missing, before the next attempt. Default: such an error is thrown. */
  readonly onRetry?: (error: JarcastError) => void
  readonly signal?: AbortSignal
}

/** Parts that are asked for at a time: more than one fills a network with a delay. */
const window = 4
/** Before the next look at a file that has grown: each look at its end costs its agent a request. */
export const growingPauseMs = 50
/** The same for a file that has not grown. */
const quietPauseMs = 100
/** Patience for a complete file, ms: the agent of a cluster that ended with its run stays away. */
export const lastPatienceMs = 2000

/**
 * Reads to the end, holding a few parts of 64 KiB at most: what is not taken is not read. A missing
 * answer is asked for again from the same byte. Throws what `read` throws; nothing after an abort.
 */
export async function* followBytes(options: FollowOptions): AsyncGenerator<Uint8Array, void> {
  const { isOver, signal } = options
  const isAborted = (): boolean => signal?.aborted === true
  let { offset } = options
  const askIfOver = async (): Promise<boolean> =>
    isOver === undefined || (await askAgain(isOver, options))
  let isLast = await askIfOver()
  for (;;) {
    const begin = offset
    for await (const data of partsFrom(offset, options, isLast)) {
      offset += data.length
      yield data
    }
    if (isLast || isAborted()) return
    const hasGrown = offset > begin
    const pausing = pause(hasGrown ? growingPauseMs : quietPauseMs, signal)
    isLast = !hasGrown && (await askIfOver())
    await pausing
    if (isAborted()) return
  }
}

/** The parts from `offset` to the end of the file as it is found. */
async function* partsFrom(
  offset: number,
  options: FollowOptions,
  isLast: boolean,
): AsyncGenerator<Uint8Array, void> {
  const queue: Promise<FilePart | undefined>[] = []
  let next = offset
  let asked = offset
  const patience = async () =>
    isLast || (await isKnownToBeOver(options)) ? lastPatienceMs : patienceMs
  const ask = (): void => {
    const from = asked
    const part = askAgain(() => options.read(from), options, patience)
    part.catch(() => undefined)
    queue.push(part)
    asked += maxPartBytes
  }
  ask()
  for (let part = await queue.shift(); part !== undefined; part = await queue.shift()) {
    const { data, size } = part
    if (data.length === 0) return
    next += data.length
    // A short part: what was asked for after it is of other bytes.
    if (next !== asked - queue.length * maxPartBytes) {
      queue.length = 0
      asked = next
    }
    const missing = Math.ceil((size - asked) / maxPartBytes)
    for (let more = Math.min(missing, window - queue.length); more > 0; more -= 1) ask()
    yield data
    if (options.signal?.aborted === true) return
  }
}

/** It may have ended since the read was begun. */
async function isKnownToBeOver({ isOver }: FollowOptions): Promise<boolean> {
  return (await isOver?.().catch(() => false)) ?? true
}
