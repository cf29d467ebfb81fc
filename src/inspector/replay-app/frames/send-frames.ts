/** Replays a run for one receiver of the standard protocol, beside the run, as fast as it reads. */
import type { AnyStateMachine, EventFromLogic } from 'xstate'
import type { Core } from '../../../journal/core/core.ts'
import type { Entry } from '../../../journal/journal.ts'
import type { Frame } from '../../protocol/frames.ts'
import { createTimeBucket } from '../../time-bucket.ts'
import type { Run } from '../run/run.ts'
import { createRunFrames } from './run-frames.ts'

/** Takes frames; it is told of a run that is over as well. */
export interface FrameReader {
  /** False while it has not read what it got. */
  hasRoom(): boolean
  take(frame: Frame): void
}

export interface FrameOptions {
  /** `live`: from now on, with losses if it cannot keep up; `journal`: all, from its start. */
  readonly origin: 'live' | 'journal'
  readonly onChange: (listener: () => void) => () => void
}

/** Of the time of the process, which answers pages too, and may be that of a framework. */
const share = { live: 0.05, journal: 0.5 }
const burstMs = 12
const pauseMs = 20
/** Entries that a receiver of a live run may be behind. */
const maxBehind = 2000

/** Sends the frames of a run until it is over, or the returned function is called. */
export function sendFrames<M extends AnyStateMachine>(
  run: Run<M>,
  reader: FrameReader,
  { origin, onChange }: FrameOptions,
): () => void {
  const frames = createRunFrames(reader.take, () => core?.now() ?? run.now)
  const bucket = createTimeBucket(share[origin], burstMs)
  let core: Core<M> | undefined
  let seq = -1
  const closing = new AbortController()
  let wake = (): void => undefined
  let isChanged = false
  const forget = onChange(() => {
    isChanged = true
    wake()
  })

  /** Continues with another machine, at an entry. */
  async function moveTo(next: number): Promise<void> {
    run.capture()
    await run.reach(next)
    const lost = core === undefined ? 0 : next - seq
    // What it tells as it starts is no event of the run.
    let isStarted = false
    core = run.travel.copyAt(next, (event) => {
      if (isStarted) frames.inspect(event)
    })
    isStarted = true
    seq = next
    frames.tell(core.moment().tree.actors, lost)
  }

  function applyNext(moved: Core<M>): void {
    const entry = run.entryAt(seq + 1) as Entry<EventFromLogic<M>>
    const { rejections } = moved.apply(entry)
    seq += 1
    // The machine is another one, in the state of before.
    if (rejections.length > 0) frames.tell(moved.moment().tree.actors, 0)
  }

  /** True while there is something to tell. */
  async function work(): Promise<boolean> {
    // States for a receiver that reads nothing would be made again and again.
    if (!reader.hasRoom()) return core === undefined || seq < run.readSeq
    const isBehind = origin === 'live' && run.lastSeq - seq > maxBehind
    if (core === undefined || isBehind || seq < run.firstSeq)
      await moveTo(origin === 'live' ? run.lastSeq : run.firstSeq)
    const moved = core
    if (moved === undefined) return false
    while (!closing.signal.aborted && seq < run.readSeq && bucket.hasTime()) {
      if (!reader.hasRoom()) break
      bucket.spend(() => applyNext(moved))
    }
    return seq < run.readSeq
  }

  async function loop(): Promise<void> {
    while (!closing.signal.aborted) {
      isChanged = false
      const isMore = await work()
      if (!isMore && run.isOver) break
      await (isMore ? pause() : change())
    }
    forget()
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const ms = reader.hasRoom() && bucket.hasTime() ? 0 : pauseMs
      setTimeout(resolve, ms).unref()
    })
  }

  function change(): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve
      if (isChanged) resolve()
    })
  }

  // A run that cannot be replayed further ends for its receiver there: the page says why.
  loop().catch(forget)
  return () => {
    closing.abort()
    wake()
    forget()
  }
}
