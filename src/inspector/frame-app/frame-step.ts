/** All that frames tell about one event. */
import type { App } from '../protocol/questions.ts'
import type { ActorChange, Microstep, SentEvent, Step } from '../protocol/step.ts'
import { momentUnknown } from '../answer-errors.ts'
import { toValue } from '../value/to-value.ts'
import { changesBetween } from '../value/value-changes.ts'
import { isTimer } from './frame-rows.ts'
import { labelIn, linesOf } from './frame-scene.ts'
import type { FrameScene } from './frame-scene.ts'
import type { FrameStep } from './frame-store.ts'
import { inferMicrostep } from './infer-microstep.ts'

const maxParts = 500

export function frameStepQuestion(scene: FrameScene): App['step'] {
  return ({ seq }) => {
    const step = scene.store.step(seq)
    if (step === undefined) throw momentUnknown(seq)
    return frameStep(scene, step)
  }
}

function frameStep(scene: FrameScene, step: FrameStep): Step {
  const { seq, now, kind, actor, source, event, sent } = step
  const isTold = step.microsteps.length > 0
  return {
    seq,
    now,
    event: toValue(event, { depth: 4 }),
    type: event.type,
    actor: labelIn(scene, actor),
    ...(source !== undefined && { source: labelIn(scene, source) }),
    cause: { kind: kind === 'event' && isTimer(event.type) ? 'timer' : kind },
    microsteps: isTold ? toldMicrosteps(scene, step) : inferMicrostep(scene, step),
    effects: [],
    facts: [],
    sent: [...sent.map((frame) => sentEvent(scene, frame)), ...sentNext(scene, step)],
    rejections: [],
    changes: changesOf(scene, step),
    ...(!isTold && { isPartial: true }),
  }
}

function toldMicrosteps(scene: FrameScene, { microsteps }: FrameStep): readonly Microstep[] {
  return microsteps.slice(0, maxParts).map(({ sessionId, microstep }) => {
    return { actor: labelIn(scene, sessionId), ...microstep }
  })
}

function sentEvent(scene: FrameScene, frame: FrameStep['sent'][number]): SentEvent {
  const { sessionId, targetId, event, delayMs } = frame
  return {
    from: labelIn(scene, sessionId),
    to: labelIn(scene, targetId),
    type: event.type,
    event: toValue(event),
    ...(delayMs !== undefined && { delayMs }),
  }
}

/** Events that other actors got of this one, until it got its next. */
function sentNext(scene: FrameScene, { seq, actor, kind }: FrameStep): readonly SentEvent[] {
  const sent: SentEvent[] = []
  if (kind === 'start') return sent
  for (let next = seq + 1; sent.length < maxParts; next += 1) {
    const step = scene.store.step(next)
    if (step === undefined || step.actor === actor) break
    if (step.source !== actor) continue
    const { type } = step.event
    const from = labelIn(scene, actor)
    sent.push({ from, to: labelIn(scene, step.actor), type, event: toValue(step.event) })
  }
  return sent
}

function changesOf(scene: FrameScene, step: FrameStep): readonly ActorChange[] {
  const { store } = scene
  const { actor, seq } = step
  const { from, to } = linesOf(scene, step)
  const [before, after] = [store.snapshotAt(actor, seq - 1), store.snapshotAt(actor, seq)]
  const { changes, count } =
    before === undefined || after === undefined
      ? { changes: [], count: 0 }
      : changesBetween(before.context, after.context)
  if (from === to && count === 0) return []
  return [
    {
      actor: labelIn(scene, actor),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      changes,
      count,
    },
  ]
}
