/** Who sent what to whom, entry by entry. */
import type { AnyStateMachine } from 'xstate'
import { defined } from '../../../defined.ts'
import type { ScheduledEvent } from '../../../journal/core/timers.ts'
import type { App, Arrow, Lane } from '../../protocol/questions.ts'
import type { SentEvent } from '../../protocol/step.ts'
import { quietly } from '../../value/hostile.ts'
import { applyEntries } from './apply-entry.ts'
import { firstDue } from '../run/entry-outcome.ts'
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

/** In the order in which things happened: the event or timer, what was sent, effects, facts. */
function arrowsOf<M extends AnyStateMachine>(
  scene: Scene<M>,
  applied: AppliedEntry,
): readonly Arrow[] {
  const { seq, now, entry, actor, before, outcome, recording } = applied
  const laneOf = lanesOf(scene)
  const timer = entry?.event === undefined ? firstDue(before, now) : undefined
  const fired = recording.sent.findIndex((sent) => isOf(timer, sent))
  const common = { seq, now }
  const sent = recording.sent.map(({ from, to, type, delayMs }, part): Arrow => {
    const kind = delayMs === undefined ? 'sent' : 'timer'
    const ends = { from, to, type, label: timerLabel(type), kind } as const
    return { ...common, ...ends, part, ...defined({ delayMs }) }
  })
  const effects = outcome.effects.map(({ type, actorId, params }, part): Arrow => {
    const to = laneOf('effect', type)
    const label = quietly(() => scene.lens.effectLabelOf?.({ type, params })) ?? type
    return { ...common, from: actorId, to, type, label, kind: 'effect', part }
  })
  const facts = outcome.facts.map(({ type }: { type: string }, part): Arrow => {
    const to = laneOf('fact', type)
    return { ...common, from: actor, to, type, label: type, kind: 'fact', part }
  })
  const first = incoming(scene, applied, timer)
  const unfired = sent.filter((_, index) => index !== fired)
  return [...first, ...withCounts([...unfired, ...effects, ...facts])]
}

/** Equal arrows that follow each other are one, with their number: a launch of 5,000 tasks. */
function withCounts(arrows: readonly Arrow[]): readonly Arrow[] {
  const merged: Arrow[] = []
  for (const arrow of arrows) {
    const last = merged.at(-1)
    if (last !== undefined && keyOf(last) === keyOf(arrow))
      merged[merged.length - 1] = { ...last, count: (last.count ?? 1) + 1 }
    else merged.push(arrow)
  }
  return merged
}

function keyOf({ from, to, kind, type, label, delayMs }: Arrow): string {
  return JSON.stringify([from, to, kind, type, label, delayMs])
}

/** What the entry brought: an event from outside, or a timer that fired. */
function incoming<M extends AnyStateMachine>(
  scene: Scene<M>,
  { seq, now, entry, actor, outcome }: AppliedEntry,
  timer: ScheduledEvent | undefined,
): readonly Arrow[] {
  const { events } = scene
  const isRejected = outcome.rejections.length > 0
  const common = { seq, now, ...(isRejected && { isRejected }) }
  if (timer !== undefined) {
    const { type } = timer.event
    const { id } = timer.target
    return [{ ...common, from: id, to: id, type, label: timerLabel(type), kind: 'timer' }]
  }
  const event = entry?.event
  if (event === undefined) return []
  const { type } = event
  const isFailure = events.isFailure({ event })
  const from = lanesOf(scene)('event', type)
  const label = events.labelOf(event)
  return [
    { ...common, from, to: actor, type, label, kind: 'event', ...(isFailure && { isFailure }) },
  ]
}

function lanesOf<M extends AnyStateMachine>({ lens }: Scene<M>) {
  return (what: 'event' | 'effect' | 'fact', type: string) =>
    quietly(() => lens.laneOf?.(what, type)) ?? outside.id
}

/** XState tells of a timer that fires as of an event that the actor sends itself. */
function isOf(timer: ScheduledEvent | undefined, { from, to, type, delayMs }: SentEvent): boolean {
  if (timer === undefined || delayMs !== undefined) return false
  return from === timer.target.id && to === from && type === timer.event.type
}
