/** What a program has sent, as frames that a new app takes: the first are those of its oldest actors. */
import type { Frame } from '../protocol/frames.ts'
import { actorFrame } from './actor-frame.ts'
import type { FrameScene } from './frame-scene.ts'
import type { FrameStep } from './frame-store.ts'

/** The oldest actors may have lost their start: they start with the state that they had then. */
export function* savedFrames(scene: FrameScene): Generator<Frame> {
  const { store } = scene
  for (const actor of store.actors.values())
    if (actor.bornAt < store.firstSeq) yield actorFrame(scene, actor, store.firstSeq - 1)
  for (let seq = store.firstSeq; seq <= store.lastSeq; seq += 1) {
    const step = store.step(seq)
    if (step !== undefined) yield* framesOf(scene, step)
  }
}

function* framesOf(scene: FrameScene, step: FrameStep): Generator<Frame> {
  const { seq, now, kind, source, event, microsteps, sent, isSettled } = step
  const actor = scene.store.actors.get(step.actor)
  if (actor === undefined) return
  const start = { ...actorFrame(scene, actor, seq), createdAt: String(now), now }
  if (kind === 'start') {
    yield start
    return
  }
  const { _version, createdAt, id, rootId, sessionId } = start
  const common = { _version, createdAt, id, rootId, sessionId, now }
  const sourceId = source === undefined ? {} : { sourceId: source }
  yield { type: '@xstate.event', ...common, ...sourceId, event }
  yield* microsteps
  yield* sent
  const snapshot = scene.store.snapshotAt(step.actor, seq)
  if (isSettled && snapshot !== undefined)
    yield { type: '@xstate.snapshot', ...common, event, snapshot }
}
