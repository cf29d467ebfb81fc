/** The actors of a program after a step. */
import type { ActorAt, App } from '../protocol/questions.ts'
import type { FrameSnapshot } from '../protocol/frames.ts'
import { momentUnknown } from '../answer-errors.ts'
import { toValue } from '../value/to-value.ts'
import { valueAt } from '../value/value-at.ts'
import { activeStates } from './active-states.ts'
import { chartIdOf, labelIn, lineOf } from './frame-scene.ts'
import type { FrameScene } from './frame-scene.ts'
import type { StoredActor } from './frame-store.ts'

const maxActors = 10_000
/** Of all actors of an answer: each may have as many as its machine has states. */
const maxActiveStates = 100_000

export function frameMomentQuestions(scene: FrameScene): Pick<App, 'moment' | 'context'> {
  const { store } = scene
  return {
    moment({ seq }) {
      const step = store.step(seq)
      if (step === undefined) throw momentUnknown(seq)
      return { seq, now: step.now, actors: actorsAt(scene, seq), timers: [] }
    },
    context({ seq, actor, path, skip = 0 }) {
      if (store.step(seq) === undefined) throw momentUnknown(seq)
      const session = store.actorOf(actor)?.id ?? ''
      return toValue(valueAt(rootValue(store.snapshotAt(session, seq)), path)?.value, { skip })
    },
  }
}

function actorsAt(scene: FrameScene, seq: number): readonly ActorAt[] {
  const actors: ActorAt[] = []
  let statesLeft = maxActiveStates
  for (const actor of scene.store.actors.values()) {
    // In the order of their starts.
    if (actor.bornAt > seq || actors.length >= maxActors) break
    const at = actorAt(scene, actor, seq, statesLeft > 0)
    statesLeft -= at.states.length
    actors.push(at)
  }
  return actors
}

function actorAt(scene: FrameScene, actor: StoredActor, seq: number, hasStates: boolean): ActorAt {
  const snapshot = scene.store.snapshotAt(actor.id, seq) ?? {}
  const chart = chartIdOf(scene, actor)
  const machine = chart === undefined ? undefined : scene.charts.machineOf(chart)
  const states = machine && hasStates ? activeStates(machine, snapshot.value) : []
  return {
    id: actor.label,
    name: actor.name,
    ...(actor.parent !== undefined && { parent: labelIn(scene, actor.parent) }),
    ...(chart !== undefined && { chart }),
    state: lineOf(snapshot),
    states: states.map(({ id }) => id),
    status: isGone(scene, actor, seq) ? 'stopped' : statusOf(snapshot),
    tags: (snapshot.tags ?? []).map((tag) => tag.slice(0, 200)),
  }
}

const statuses: readonly unknown[] = ['active', 'done', 'error', 'stopped']

function statusOf({ status }: FrameSnapshot): ActorAt['status'] {
  return statuses.includes(status) ? (status as ActorAt['status']) : 'active'
}

/** An actor that its parent no longer has: frames do not report its end. */
function isGone(
  { store }: FrameScene,
  { parent, name, bornAt }: StoredActor,
  seq: number,
): boolean {
  const state = parent === undefined ? undefined : store.stateAt(parent, seq)
  if (state === undefined || state.seq <= bornAt) return false
  const { children } = state.snapshot
  return typeof children === 'object' && children !== null && !Object.hasOwn(children, name)
}

/** A machine's context, and its output and error, if it has any. */
function rootValue(snapshot: FrameSnapshot | undefined): unknown {
  if (snapshot === undefined) return undefined
  const { context, output, error } = snapshot
  if (output === undefined && error === undefined) return context
  return {
    ...(typeof context === 'object' ? context : undefined),
    ...(output !== undefined && { '(output)': output }),
    ...(error !== undefined && { '(error)': error }),
  }
}
