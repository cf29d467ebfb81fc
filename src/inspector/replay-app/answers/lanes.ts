/** Who sent what to whom, entry by entry. */
import type { AnyStateMachine } from 'xstate'
import type { App, Arrow, Lane } from '../../protocol/questions.ts'
import { applyEntries } from './apply-entry.ts'
import { createPauses } from '../run/pauses.ts'
import { timerLabel } from './rows.ts'
import type { Scene } from './scene.ts'
import type { AppliedEntry } from './step-answer.ts'

const maxEntries = 500
const maxArrows = 5000
const outside: Lane = { id: 'outside', label: 'outside', kind: 'outside' }

export function lanesQuestion<M extends AnyStateMachine>(scene: Scene<M>): App['lanes'] {
  const { run, lens } = scene
  return async ({ from, to }) => {
    const first = Math.max(from, run.firstSeq + 1)
    await run.reach(first)
    const last = Math.min(to, run.readSeq, first + maxEntries - 1)
    const pause = createPauses()
    const arrows: Arrow[] = []
    const actors = new Set<string>()
    for (const applied of applyEntries(scene, first, last)) {
      for (const { id } of applied.after.tree.actors) actors.add(id)
      if (arrows.length < maxArrows) arrows.push(...arrowsOf(scene, applied))
      await pause()
    }
    const known = lens.lanes?.map((lane): Lane => ({ ...lane, kind: 'outside' })) ?? [outside]
    const used = new Set(arrows.flatMap((arrow) => [arrow.from, arrow.to]))
    const machines = [...actors].map((id): Lane => ({ id, label: id, kind: 'machine' }))
    const isStray = (lane: Lane) => used.has(lane.id) && !known.some(({ id }) => id === lane.id)
    return { lanes: [...known, ...[outside].filter(isStray), ...machines], arrows }
  }
}

function arrowsOf<M extends AnyStateMachine>(
  { lens, events }: Scene<M>,
  { seq, now, entry, actor, outcome, recording }: AppliedEntry,
): readonly Arrow[] {
  const event = entry?.event
  const laneOf = (what: 'event' | 'effect', type: string) => lens.laneOf?.(what, type) ?? outside.id
  const incoming: readonly Arrow[] =
    event === undefined
      ? []
      : [
          {
            seq,
            now,
            from: laneOf('event', event.type),
            to: actor,
            label: events.labelOf(event),
            kind: 'event',
            ...(events.isFailure({ event }) && { isFailure: true }),
          },
        ]
  const sent = recording.sent.map(({ from, to, type, delayMs }): Arrow => {
    const kind = delayMs === undefined ? 'sent' : 'timer'
    return { seq, now, from, to, label: timerLabel(type), kind }
  })
  const effects = outcome.effects.map(({ type, actorId }): Arrow => {
    return { seq, now, from: actorId, to: laneOf('effect', type), label: type, kind: 'effect' }
  })
  return [...incoming, ...sent, ...effects]
}
