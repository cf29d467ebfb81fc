/** The output of a task through all its attempts, from a byte to its end. */
import { askAgain, pause } from '../../client/agents/ask-again.ts'
import { followBytes } from '../../client/agents/follow-bytes.ts'
import type { JarcastError } from '../../errors.ts'
import type { OutputFile, TaskFiles } from './task-files.ts'
import type { TaskPlace } from './task-place.ts'

/** A task now. Without a place, it waits for an agent, or never had one. */
export interface TaskWhereabouts {
  readonly place?: TaskPlace
  readonly isOver: boolean
}

export interface FollowTaskOptions {
  /** Undefined for an unknown task. */
  readonly find: () => Promise<TaskWhereabouts | undefined>
  readonly files: Pick<TaskFiles, 'read'>
  readonly file: OutputFile
  /** Byte of the attempt's output to begin with. */
  readonly offset: number
  /** False: ends at the end of what is written now. */
  readonly isFollowing: boolean
  /** Called before the first byte of each attempt. */
  readonly onAttempt?: (place: TaskPlace) => void
  /** See `followBytes`. */
  readonly onRetry?: (error: JarcastError) => void
  readonly signal?: AbortSignal
}

/** Between two questions about the task, ms. */
const findEveryMs = 250

/**
 * Yields bytes in order, each once; ends when the task has ended and all was read. Throws what
 * `find` and `files.read` throw, with `onRetry` only after a minute of retryable errors.
 */
export async function* followTask(options: FollowTaskOptions): AsyncGenerator<Uint8Array, void> {
  const { files, file, isFollowing, onAttempt, onRetry, signal } = options
  const find = atIntervals(options.find)
  let { offset } = options
  let read: string | undefined
  for (;;) {
    const now = await askAgain(find, { onRetry, signal })
    const { place } = now ?? {}
    if (place !== undefined && place.launchId !== read) {
      onAttempt?.(place)
      read = place.launchId
      let last = place
      const isOver = async (): Promise<boolean> => {
        const later = await find()
        if (later?.place?.launchId === place.launchId) last = later.place
        else last = { ...place, isOver: true }
        return last.isOver || later?.isOver !== false
      }
      yield* followBytes({
        read: (from) => files.read(last, file, from),
        offset,
        ...(isFollowing && { isOver }),
        ...(onRetry && { onRetry }),
        ...(signal && { signal }),
      })
      offset = 0
    } else if (now?.isOver !== false) return
    if (!isFollowing || signal?.aborted === true) return
    await pause(findEveryMs, signal)
  }
}

/** Asks again after `findEveryMs` only. */
function atIntervals(find: FollowTaskOptions['find']): FollowTaskOptions['find'] {
  let askedAt = -Infinity
  let known: Promise<TaskWhereabouts | undefined> = Promise.resolve(undefined)
  return () => {
    const now = performance.now()
    if (now - askedAt >= findEveryMs) {
      askedAt = now
      known = find()
      known.catch(() => (askedAt = -Infinity))
    }
    return known
  }
}
