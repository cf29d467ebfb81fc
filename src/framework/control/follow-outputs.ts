/** The output of all tasks of a framework, live: however many run, few files are read at a time. */
import { askAgain, patienceMs, pause } from '../../client/agents/ask-again.ts'
import { growingPauseMs, lastPatienceMs } from '../../client/agents/follow-bytes.ts'
import { launchIdOf } from '../../domain/tasks/task-request.ts'
import { JarcastError } from '../../errors.ts'
import type { FilePart } from '../../mesos/read-file.ts'
import type { FrameworkFacts } from '../facts/events.ts'
import type { Framework } from '../framework.ts'
import type { TaskFiles } from '../sandbox/task-files.ts'
import { placeOfEnd, placeOfTask } from '../sandbox/task-place.ts'
import type { TaskPlace } from '../sandbox/task-place.ts'
import { createSlots } from './slots.ts'

/** Bytes that a task wrote. */
export interface OutputPart {
  readonly taskId: string
  /** 1 for the first launch. */
  readonly attempt: number
  readonly name: 'stdout' | 'stderr'
  readonly bytes: Uint8Array
  /** True for the last part of this file, which has no bytes. */
  readonly isLast: boolean
}

export interface FollowOutputsOptions {
  /** Takes the parts of each file in order. Its file is read on once the promise resolves. */
  readonly take: (part: OutputPart) => Promise<void>
  /**
   * Called when the output of a task cannot be read, or not to its end. After NOT_PERMITTED and
   * CREDENTIALS_REJECTED nothing more is read.
   */
  readonly onFailure: (taskId: string, error: unknown) => void
}

export interface FollowedOutputs {
  /** Resolves once all is taken of the tasks that have ended. */
  settled(): Promise<void>
  close(): void
}

/** Files that are read at a time: so many parts of 64 KiB are in memory. */
const maxReads = 16
/** Parts of one file in a row: others wait. */
const maxParts = 4
/** Between two looks at a file that has not grown, ms. */
const leastPauseMs = 100
/** With more files, each is looked at less often: a look takes 0.5 ms here and 0.5 ms on its agent. */
const looksPerSecond = 80

type Source = Pick<Framework, 'fact$' | 'snapshot' | 'frameworkId'>
type TaskNews = FrameworkFacts['task.updated' | 'task.retried' | 'task.ended']

interface Attempt {
  readonly taskId: string
  readonly attempt: number
  /** Undefined until it is read. */
  place: TaskPlace | undefined
  /** Aborts with the end of the attempt. */
  readonly ending: AbortController
  /** True if the executor reports that it wrote nothing. */
  isSilent: boolean
}

/** What a look at a file has found. */
interface Look {
  readonly offset: number
  readonly hasGrown: boolean
  /** True if it had bytes after those that were read. */
  readonly hasMore: boolean
}

/**
 * Follows the tasks that are launched or run from now on, through all their attempts, each file from
 * its first byte.
 */
export function followOutputs(
  framework: Source,
  files: Pick<TaskFiles, 'read'>,
  { take, onFailure }: FollowOutputsOptions,
): FollowedOutputs {
  const attempts = new Map<string, Attempt>()
  const working = new Set<Promise<void>>()
  const slots = createSlots(maxReads)
  const closing = new AbortController()

  const facts = framework.fact$.subscribe({
    next(fact) {
      if (fact.type === 'task.launched') note(fact)
      else if (fact.type === 'task.updated' && fact.state === 'TASK_RUNNING')
        begin(note(fact), placeNow(fact))
      else if (fact.type === 'task.retried' || fact.type === 'task.ended') end(fact)
    },
    complete() {
      for (const attempt of attempts.values()) attempt.ending.abort()
    },
  })

  function note({ taskId, attempt }: Pick<TaskNews, 'taskId' | 'attempt'>): Attempt {
    const known = attempts.get(taskId)
    if (known?.attempt === attempt) return known
    const ending = new AbortController()
    const next = { taskId, attempt, place: undefined, ending, isSilent: false }
    attempts.set(taskId, next)
    return next
  }

  function placeNow(fact: TaskNews): TaskPlace | undefined {
    const { taskId, attempt } = fact
    const now = framework.snapshot && placeOfTask(framework.snapshot, taskId)
    // The state may be ahead of the facts.
    if (now?.launchId === launchIdOf(taskId, attempt)) return now
    return placeOfEnd(framework.frameworkId ?? '', fact)
  }

  function begin(attempt: Attempt, place: TaskPlace | undefined): void {
    if (attempt.place !== undefined || place === undefined || closing.signal.aborted) return
    attempt.place = place
    const work = followAttempt(attempt).finally(() => working.delete(work))
    working.add(work)
  }

  /** Of a task that ended in an earlier process, nothing is known here, and nothing is read. */
  function end(fact: TaskNews): void {
    const attempt = attempts.get(fact.taskId)
    if (attempt?.attempt !== fact.attempt) return
    attempts.delete(fact.taskId)
    attempt.isSilent = isSilent(fact)
    attempt.ending.abort()
    if (attempt.place !== undefined) attempt.place = { ...attempt.place, isOver: true }
    else if (!attempt.isSilent) begin(attempt, placeOfEnd(framework.frameworkId ?? '', fact))
  }

  async function followAttempt(attempt: Attempt): Promise<void> {
    const both = [follow(attempt, 'stdout'), follow(attempt, 'stderr')]
    try {
      await Promise.all(both)
    } catch (error) {
      if (closing.signal.aborted) return
      if (isRefusal(error)) close()
      onFailure(attempt.taskId, error)
      // The other file may be read on.
      await Promise.allSettled(both)
    }
  }

  async function follow(attempt: Attempt, name: OutputPart['name']): Promise<void> {
    const { taskId, attempt: number, ending } = attempt
    const part = { taskId, attempt: number, name }
    const takeLast = () => take({ ...part, bytes: new Uint8Array(), isLast: true })
    const patience = () =>
      closing.signal.aborted ? 0 : ending.signal.aborted ? lastPatienceMs : patienceMs
    let look: Look = { offset: 0, hasGrown: false, hasMore: false }
    for (;;) {
      const pauseMs = look.hasGrown ? growingPauseMs : pauseFor(working.size)
      if (!look.hasMore) await pause(pauseMs, ending.signal)
      const isLast = ending.signal.aborted
      const from = look.offset
      if (closing.signal.aborted || (isLast && from === 0 && attempt.isSilent)) return
      const readNext = () => readOn(attempt, { ...part, isLast: false }, from)
      // Without a slot between the attempts: files of other agents are read in the meantime.
      look = await askAgain(
        () => slots.use(readNext),
        { onRetry: () => undefined },
        patience,
      ).catch(async (error: unknown) => {
        // What was read may end within a line.
        if (from > 0 && !closing.signal.aborted) await takeLast()
        throw error
      })
      if (isLast && !look.hasGrown) break
    }
    await takeLast()
  }

  /** Reads some parts. Throws if it has read none. */
  async function readOn(
    attempt: Attempt,
    part: Omit<OutputPart, 'bytes'>,
    from: number,
  ): Promise<Look> {
    let offset = from
    let hasMore = true
    for (let count = 0; hasMore && count < maxParts && !closing.signal.aborted; count += 1) {
      const found = await read(attempt, part.name, offset, count === 0)
      const { data: bytes = new Uint8Array(), size = 0 } = found ?? {}
      offset += bytes.length
      hasMore = bytes.length > 0 && offset < size
      if (bytes.length > 0) await take({ ...part, bytes })
    }
    return { offset, hasGrown: offset > from, hasMore }
  }

  /** Only the first part of a look is reported as missing: the others are read in the next look. */
  async function read(
    { place }: Attempt,
    name: OutputPart['name'],
    offset: number,
    isFirst: boolean,
  ): Promise<FilePart | undefined> {
    try {
      return place && (await files.read(place, { name }, offset))
    } catch (error) {
      if (isFirst) throw error
      return undefined
    }
  }

  function close(): void {
    closing.abort()
    facts.unsubscribe()
    for (const { ending } of attempts.values()) ending.abort()
  }

  return {
    async settled() {
      while (working.size > 0) await Promise.all(working)
    },
    close,
  }
}

function pauseFor(attempts: number): number {
  return Math.max(leastPauseMs, (attempts * 2 * 1000) / looksPerSecond)
}

/** Without the right to read one file, there is none to read the others. */
function isRefusal(error: unknown): boolean {
  return error instanceof JarcastError && /^(NOT_PERMITTED|CREDENTIALS_REJECTED)$/.test(error.code)
}

/** The report of jarcast's executor has the end of the output. */
function isSilent(fact: TaskNews): boolean {
  return (
    fact.type === 'task.ended' && fact.report !== undefined && (fact.report.logTail ?? '') === ''
  )
}
