/** An app whose answers come from the frames of a program. */
import type { ActorFrame, Frame } from '../protocol/frames.ts'
import type { App, AppInfo, QuestionName } from '../protocol/questions.ts'
import { notOffered } from '../answer-errors.ts'
import { createListeners } from '../listeners.ts'
import { actorFrame } from './actor-frame.ts'
import { frameFindQuestion } from './frame-find.ts'
import { frameLanesQuestion } from './frame-lanes.ts'
import { frameMomentQuestions } from './frame-moment.ts'
import { frameOverviewQuestions } from './frame-overview.ts'
import { frameRowQuestions } from './frame-rows.ts'
import type { FrameCharts } from './frame-scene.ts'
import { frameStepQuestion } from './frame-step.ts'
import { FrameStore } from './frame-store.ts'
import type { FrameStoreLimits } from './frame-store.ts'
import { readFrame } from './read-frame.ts'
import { savedFrames } from './saved-frames.ts'

export interface FrameAppOptions {
  readonly id: string
  /** Default: the name of its first actor. */
  readonly name?: string
  readonly charts: FrameCharts
  readonly limits?: FrameStoreLimits
  /** Time for frames without one, ms since the epoch. Default `Date.now`. */
  readonly now?: () => number
}

export type FrameApp = App & {
  /** Takes one frame as text, and returns it; undefined for any other text. */
  readonly take: (text: string) => Frame | undefined
  /** One frame for each actor that there is now, parents first. */
  readonly actorFrames: () => Iterable<ActorFrame>
  /** The run as lines of a file: one frame each. */
  readonly save: () => Iterable<string>
  /** The program has ended. */
  readonly end: () => void
  /** Tells the reader what the program lost on its way. */
  readonly noteLost: (frames: number) => void
}

/** Opens an app without frames. It is worth showing once `take` has returned a frame. */
export function openFrameApp(options: FrameAppOptions): FrameApp {
  const { id, charts, limits, now = Date.now } = options
  const store = new FrameStore(limits)
  const scene = { store, charts, chartIds: new Map<string, string>() }
  const listeners = createListeners()
  let isOver = false
  let ignored = 0
  let lost = 0

  function nameOf(): string {
    const [first] = store.actors.values()
    return (options.name ?? first?.label ?? 'program').slice(0, 200)
  }

  function notes(): readonly string[] {
    return [
      ...(store.firstSeq > 0 ? [`The first ${store.firstSeq} events were dropped.`] : []),
      ...(store.dropped > 0 ? [`${store.dropped} frames were dropped: of too many actors.`] : []),
      ...(ignored > 0 ? [`${ignored} messages were no frames that this inspector reads.`] : []),
      ...(lost > 0 ? [lostNote(lost)] : []),
    ]
  }

  return {
    info: (): AppInfo => ({
      id,
      name: nameOf(),
      origin: 'frames',
      startedAt: store.startedAt ?? now(),
      firstSeq: store.firstSeq,
      lastSeq: Math.max(store.firstSeq, store.lastSeq),
      now: store.step(store.lastSeq)?.now ?? now(),
      isOver,
      features: ['why', 'export'],
      notes: notes(),
      ...(lost > 0 && { lost }),
    }),
    onChange: listeners.add,
    ...frameRowQuestions(scene),
    find: frameFindQuestion(scene),
    ...frameOverviewQuestions(scene),
    ...frameMomentQuestions(scene),
    step: frameStepQuestion(scene),
    lanes: frameLanesQuestion(scene),
    async chart({ chart, collapsed = [] }) {
      const drawn = await charts.chart(chart, collapsed)
      if (drawn === undefined) throw notOffered('chart')
      return drawn
    },
    branch: refused('branch'),
    cluster: refused('cluster'),
    tasks: refused('tasks'),
    libraries: refused('libraries'),
    sandbox: refused('sandbox'),
    control: refused('control'),
    take(text) {
      const frame = readFrame(text)
      if ('ignored' in frame) ignored += 1
      else {
        store.add(frame, text.length, now())
        lost += frame.lost ?? 0
      }
      listeners.call()
      return 'ignored' in frame ? undefined : frame
    },
    *actorFrames() {
      for (const actor of store.actors.values()) yield actorFrame(scene, actor)
    },
    *save() {
      for (const frame of savedFrames(scene)) yield JSON.stringify(frame)
    },
    end() {
      isOver = true
      listeners.call()
    },
    noteLost(frames) {
      lost += frames
      listeners.call()
    },
  }
}

function lostNote(lost: number): string {
  const count = lost.toLocaleString('en-US')
  return `${count} frames were lost: the program was faster than its reader. States are right again after each gap.`
}

function refused(question: QuestionName): () => never {
  return () => {
    throw notOffered(question)
  }
}
