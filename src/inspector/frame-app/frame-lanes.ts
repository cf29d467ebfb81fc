/** Who sent what to whom, from frames. */
import type { App, Arrow, Lane } from '../protocol/questions.ts'
import { timerLabel } from '../replay-app/answers/rows.ts'
import { isTimer } from './frame-rows.ts'
import { chartIdOf, isFailure, labelIn } from './frame-scene.ts'
import type { FrameScene } from './frame-scene.ts'
import type { FrameStep } from './frame-store.ts'

const maxSteps = 500
/** With more actors, only those that take part have a lane. */
const maxLanes = 40

const outside: Lane = { id: 'outside', label: 'outside', kind: 'outside' }

export function frameLanesQuestion(scene: FrameScene): App['lanes'] {
  const { store } = scene
  return ({ from, to }) => {
    const first = Math.max(from, store.firstSeq)
    const last = Math.min(to, store.lastSeq, first + maxSteps - 1)
    const arrows: Arrow[] = []
    for (let seq = first; seq <= last; seq += 1) {
      const step = store.step(seq)
      if (step?.kind === 'event') arrows.push(arrowOf(scene, step))
    }
    return { lanes: [outside, ...lanesOf(scene, arrows)], arrows }
  }
}

function arrowOf(scene: FrameScene, step: FrameStep): Arrow {
  const { seq, now, actor, source, event } = step
  const to = labelIn(scene, actor)
  const from = source === undefined ? undefined : labelIn(scene, source)
  const kind = isTimer(event.type) ? 'timer' : from === undefined ? 'event' : 'sent'
  return {
    seq,
    now,
    from: kind === 'timer' ? to : (from ?? outside.id),
    to,
    type: event.type,
    label: timerLabel(event.type),
    kind,
    ...(isFailure(step) && { isFailure: true }),
  }
}

function lanesOf(scene: FrameScene, arrows: readonly Arrow[]): readonly Lane[] {
  const used = new Set(arrows.flatMap(({ from, to }) => [from, to]))
  const actors = [...scene.store.actors.values()]
  const shown = actors.length > maxLanes ? actors.filter(({ label }) => used.has(label)) : actors
  const known: Lane[] = shown.map((actor) => {
    const kind = chartIdOf(scene, actor) === undefined ? 'actor' : 'machine'
    return { id: actor.label, label: actor.label, kind }
  })
  for (const { id } of [outside, ...known]) used.delete(id)
  return [...known, ...Array.from(used, (id): Lane => ({ id, label: id, kind: 'actor' }))]
}
