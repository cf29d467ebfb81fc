/** An app whose answers come from the entries of a run: replayed by the code that ran them. */
import type { AnyStateMachine } from 'xstate'
import { defined } from '../../defined.ts'
import type { EffectAnswers } from '../../effects/answer.ts'
import type { Chart } from '../protocol/chart.ts'
import type { Lens } from '../protocol/lens.ts'
import type { App, AppInfo, Feature, QuestionName } from '../protocol/questions.ts'
import { notOffered } from '../answer-errors.ts'
import { branchQuestion } from './answers/branch.ts'
import { findQuestion } from './answers/find.ts'
import { lanesQuestion } from './answers/lanes.ts'
import { lensQuestions } from './answers/lens-questions.ts'
import { overviewQuestions } from './answers/overview-questions.ts'
import { createTaskSpans } from './answers/task-spans.ts'
import { createListeners } from '../listeners.ts'
import { sendFrames } from './frames/send-frames.ts'
import type { FrameReader } from './frames/send-frames.ts'
import { keptRunOf } from './kept-run.ts'
import type { KeptRun } from './kept-run.ts'
import { machinesIn } from './machines-in.ts'
import { openRun } from './run/run.ts'
import type { EntrySource } from './run/entry-source.ts'
import type { Run } from './run/run.ts'
import { openLiveRun } from './run/live-run.ts'
import type { LiveSource } from './run/live-run.ts'
import { momentQuestions } from './answers/moment-questions.ts'
import { rowQuestions } from './answers/row-questions.ts'
import { describeEvents } from './answers/rows.ts'
import type { RunStart } from './run/time-travel.ts'

export interface ReplayAppOptions<M extends AnyStateMachine> extends RunStart<M> {
  readonly id: string
  readonly name: string
  readonly origin?: AppInfo['origin']
  /** A journal's entries, or a live run of this process. */
  readonly entries: EntrySource | LiveSource<M>
  readonly lens?: Lens
  /** The events that answer its effects. Default: those with the key of an effect as `key`. */
  readonly answers?: EffectAnswers | undefined
  /** What the reader should know of this run. */
  readonly notes?: readonly string[]
  /** Draws a machine of the run, with these states closed. */
  readonly chartOf: (
    machine: AnyStateMachine,
    collapsed: readonly string[],
  ) => Chart | Promise<Chart>
}

export type ReplayApp = App & {
  /** Sends standard frames to a receiver until the returned function is called. */
  readonly frames: (reader: FrameReader) => () => void
  /** The run up to its last entry, to be saved. Rejects with INSPECTOR_MOMENT_UNKNOWN. */
  readonly kept: () => Promise<KeptRun>
  /** Stops reading. */
  readonly close: () => void
}

/** Opens a run. It is read and replayed in slices while questions are answered. */
export function openReplayApp<M extends AnyStateMachine>(options: ReplayAppOptions<M>): ReplayApp {
  const { id, name, startedAt, lens = {}, notes = [], entries } = options
  const kind = 'read' in entries ? 'journal' : 'live'
  const { origin = kind } = options
  const events = describeEvents(lens)
  const listeners = createListeners()
  const tasks = createTaskSpans(lens)
  const handlers = {
    isFailure: events.isFailure,
    onChange: listeners.call,
    onStep: tasks?.add,
  }
  const run =
    'read' in entries
      ? openRun(options, entries, handlers)
      : openLiveRun(options, entries, handlers)
  const scene = { run, start: options, events, lens, answers: options.answers }

  return {
    info: () => {
      // The page asks about the newest entry next.
      run.capture()
      const { firstSeq, lastSeq, readSeq, replayedSeq, replayedPart, now, isOver } = run
      const features = featuresOf(lens)
      const told = [...notes, ...run.problems, ...startNotes(run, options.from?.seq)]
      const times = { startedAt, firstSeq, lastSeq, now }
      const way = defined({ replayedPart })
      const info = { id, name, origin, ...times, isOver, features, notes: told, ...way }
      if (!isOver) return readSeq < lastSeq ? { ...info, readSeq } : info
      // Of a live run, or after a failure, the rest is not replayed.
      const isReplayed = 'read' in entries && run.problems.length === 0
      return isReplayed && replayedSeq < lastSeq ? { ...info, replayedSeq } : info
    },
    onChange: listeners.add,
    ...rowQuestions(scene),
    ...momentQuestions(scene),
    chart: ({ chart, collapsed = [] }) => {
      const machine = [...machinesIn(options.machine)].find(({ id: each }) => each === chart)
      if (machine === undefined) throw notOffered('chart')
      return options.chartOf(machine, collapsed)
    },
    find: findQuestion(scene),
    ...overviewQuestions(scene),
    branch: branchQuestion(scene),
    lanes: lanesQuestion(scene),
    ...lensQuestions(scene),
    tasks: async ({ offset, count }) => {
      if (tasks === undefined) throw notOffered('tasks')
      await run.replayTo(Infinity)
      return tasks.answer(offset, count)
    },
    sandbox: refused('sandbox'),
    control: refused('control'),
    frames: (reader) => sendFrames(run, reader, { origin: kind, onChange: listeners.add }),
    kept: () => keptRunOf(run, options),
    close: () => run.close(),
  }
}

/** Of entries that were there, and are not kept for this page. */
function startNotes(
  { firstSeq, dropped }: Pick<Run<AnyStateMachine>, 'firstSeq' | 'dropped'>,
  startSeq = 0,
): readonly string[] {
  if (firstSeq <= startSeq) return []
  const shown = `Shown from entry ${firstSeq} on: earlier ones are not kept here.`
  if (dropped === undefined) return [shown]
  const count = dropped.count.toLocaleString('en-US')
  const time = new Date(dropped.now).toISOString()
  return [shown, `${count} old entries were dropped to limit memory, the last of them at ${time}.`]
}

function featuresOf(lens: Lens): readonly Feature[] {
  return [
    'why',
    'branch',
    ...(lens.cluster === undefined ? [] : (['cluster'] as const)),
    ...(lens.libraries === undefined ? [] : (['libraries'] as const)),
  ]
}

function refused(question: QuestionName): () => never {
  return () => {
    throw notOffered(question)
  }
}
