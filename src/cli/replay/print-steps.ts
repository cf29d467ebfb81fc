/** The loop of a replay: prints each step, at once or in recorded time, and counts. */
import { createPace } from '../../journal/replay/pace.ts'
import type { StepJson } from '../../inspector/replay-app/replay-steps.ts'
import type { LineWriter } from '../output/line-writer.ts'
import type { AnswerFinder } from './answer-finder.ts'
import { findAnswers } from './effects-answered.ts'
import type { AnyStep } from '../journal/verify-journal.ts'
import type { ReplayEnd, ReplayView } from './replay-view.ts'
import { createSummary } from './summary.ts'
import { createTaskFilter } from './task-filter.ts'
import { assertRecorded } from '../journal/verify-journal.ts'

export interface ReplayFlags {
  readonly from?: number
  readonly to?: number
  readonly actor?: string
  /** Recorded time per real time. */
  readonly speed?: number
  readonly json?: boolean
  readonly verify?: boolean
  readonly why?: boolean
  /** Print only entries about this task. */
  readonly task?: string
  /** Print no entries, but what they were. */
  readonly summary?: boolean
  readonly wallClock?: boolean
  /** Wait for entries until no process writes the journal. */
  readonly follow?: boolean
  /** Module with the machine. */
  readonly machine?: string
}

interface ReplayRun {
  readonly path: string
  readonly journal: { readonly replay: Steps }
  readonly flags: ReplayFlags
  readonly view: ReplayView
  readonly writer: LineWriter
  /** Ends a wait between two steps, and the replay with it. */
  readonly signal: AbortSignal | undefined
  /** With `--why`: all that is known of each step from `--from` on. */
  readonly whys?: Iterator<StepJson> | undefined
  /** With `--why`: the entries that answer effects. */
  readonly answers?: AnswerFinder | undefined
}

/** The steps, at once or as they come, and the state after the last one. */
type Steps = (Iterable<AnyStep> | AsyncIterable<AnyStep>) & {
  readonly snapshot: unknown
  hash(): string
}

/** Longest delay of a timer; a longer wait has several. */
const longestWaitMs = 2 ** 31 - 1

/**
 * Resolves with the last state; with undefined once `signal` aborts, or the reader of the output
 * has closed it. Rejects with REPLAY_DIVERGED if `--verify` finds another state than the recorded
 * one.
 */
export async function printSteps(
  run: ReplayRun,
): Promise<(ReplayEnd & { readonly actorIds: ReadonlySet<string> }) | undefined> {
  const { path, journal, flags, writer } = run
  const { from = 0, to = Infinity, verify = false } = flags
  const sums = startSums()
  const wait = createWait(run)
  const show = createShow(run)
  for await (const step of journal.replay) {
    if (step.seq > to) break
    if (step.seq >= from && (await wait(step.now)) === 'stopped') return undefined
    addStep(sums, step, step.seq >= from)
    if (step.seq >= from) for (const line of show.step(step)) await writer.write(line)
    if (verify) assertRecorded(path, step)
    else if (!writer.isOpen) return undefined
    if (step.seq === to) break
    if (Symbol.asyncIterator in journal.replay) await writer.flush()
  }
  if (run.signal?.aborted === true) return undefined
  for (const line of show.end()) await writer.write(line)
  const { snapshot } = journal.replay
  return { ...sums, snapshot, hash: journal.replay.hash() }
}

/** The lines of the entries that are to be shown. `end` throws CONFIG_INVALID for an unknown task. */
function createShow({ flags, view, whys, answers }: ReplayRun) {
  const tasks = flags.task === undefined ? undefined : createTaskFilter(flags.task)
  const summary = flags.summary === true ? createSummary() : undefined
  return {
    step(step: AnyStep): readonly string[] {
      const why = step.isLate === true ? undefined : (whys?.next().value as StepJson | undefined)
      if (tasks?.isAbout(step) === false) return []
      summary?.add(step)
      if (summary !== undefined || (step.isLate === true && step.mismatches.length === 0)) return []
      return view.step(step, why, answers && findAnswers(answers, step))
    },
    end(): readonly string[] {
      tasks?.assertFound()
      return summary === undefined ? [] : view.summary(summary.take())
    },
  }
}

/** Waits until the recorded time of a step; without `--speed` it never waits. */
function createWait({
  flags: { speed },
  writer,
  signal,
}: ReplayRun): (recordedMs: number) => Promise<'due' | 'stopped'> | 'due' {
  if (speed === undefined) return () => 'due'
  let leftMs: ((recordedMs: number) => number) | undefined
  return async (recordedMs) => {
    leftMs ??= createPace(recordedMs, { speed })
    // What was printed must be seen before the wait.
    if (leftMs(recordedMs) > 0) await writer.flush()
    for (;;) {
      if (signal?.aborted === true) return 'stopped'
      const ms = Math.min(leftMs(recordedMs), longestWaitMs)
      if (ms <= 0 || !writer.isOpen) return 'due'
      await sleepUntil(ms, signal)
    }
  }
}

/** Resolves after `ms`, or once `signal` aborts. */
function sleepUntil(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end)
    function end(): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
  })
}

function startSums() {
  return {
    seq: 0,
    now: 0,
    checks: 0,
    differing: 0,
    rejected: 0,
    firstDiffering: undefined as number | undefined,
    actorIds: new Set<string>(),
  }
}

function addStep(sums: ReturnType<typeof startSums>, step: AnyStep, isShown: boolean): void {
  const { changes, checks, effects, mismatches, now, rejections, seq } = step
  if (isShown) for (const { actorId } of [...changes, ...effects]) sums.actorIds.add(actorId)
  sums.seq = seq
  sums.now = now
  sums.checks += checks
  sums.differing += mismatches.length
  sums.rejected += rejections.length
  if (mismatches.length > 0) sums.firstDiffering ??= seq
}
