/** The loop of a replay: prints each step, at once or in recorded time, and counts. */
import type { AnyStateMachine } from 'xstate'
import { createPace } from '../../journal/replay/pace.ts'
import type { StepJson } from '../../inspector/replay-app/replay-steps.ts'
import type { JournalReplay } from '../../journal/replay/replay-journal.ts'
import type { LineWriter } from '../output/line-writer.ts'
import type { AnyStep } from './replay-text.ts'
import type { ReplayEnd, ReplayView } from './replay-view.ts'
import { assertRecorded } from './verify-journal.ts'

export interface ReplayFlags {
  readonly from?: number
  readonly to?: number
  readonly actor?: string
  /** Recorded time per real time. */
  readonly speed?: number
  readonly json?: boolean
  readonly verify?: boolean
  readonly why?: boolean
}

interface ReplayRun {
  readonly path: string
  readonly journal: JournalReplay<AnyStateMachine>
  readonly flags: ReplayFlags
  readonly view: ReplayView
  readonly writer: LineWriter
  /** Ends a wait between two steps, and the replay with it. */
  readonly signal: AbortSignal | undefined
  /** With `--why`: all that is known of each step from `--from` on. */
  readonly whys?: Iterator<StepJson> | undefined
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
  const { path, journal, flags, view, writer, whys } = run
  const { from = 0, to = Infinity, verify = false } = flags
  const sums = startSums()
  const wait = createWait(run)
  for (const step of journal.replay) {
    if (step.seq > to) break
    if (step.seq >= from && (await wait(step.now)) === 'stopped') return undefined
    addStep(sums, step, step.seq >= from)
    if (step.seq >= from) {
      const why = whys?.next().value as StepJson | undefined
      for (const line of view.step(step, why)) await writer.write(line)
    }
    if (verify) assertRecorded(path, step)
    else if (!writer.isOpen) return undefined
    if (step.seq === to) break
  }
  const { snapshot } = journal.replay
  return { ...sums, snapshot: snapshot as unknown, hash: journal.replay.hash() }
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
