/**
 * What a machine may have considered, known by its definition only: which transition was taken is
 * inferred from the states before and after. Guards are code, and frames do not tell of them.
 */
import type { AnyStateNode } from 'xstate'
import type { Considered, Microstep } from '../protocol/step.ts'
import { candidatesOf } from '../recording/candidates.ts'
import type { Transition } from '../recording/candidates.ts'
import { describeGuard } from '../chart/describe.ts'
import { transitionKeyOf } from '../transition-key.ts'
import { activeStates } from './active-states.ts'
import { labelIn, lineOf, machineOf } from './frame-scene.ts'
import type { FrameScene } from './frame-scene.ts'
import type { FrameStep } from './frame-store.ts'

const maxConsidered = 500

/** One microstep, or none for an actor that is no machine, or whose state did not follow yet. */
export function inferMicrostep(scene: FrameScene, step: FrameStep): readonly Microstep[] {
  const { store } = scene
  const { seq, actor: session, event, kind, isSettled } = step
  const actor = store.actors.get(session)
  const after = store.snapshotAt(session, seq)
  const machine = actor === undefined ? undefined : machineOf(scene, actor)
  if (machine === undefined || after === undefined || !isSettled) return []
  const before = kind === 'start' ? undefined : store.snapshotAt(session, seq - 1)
  const was = before === undefined ? [] : activeStates(machine, before.value)
  const is = activeStates(machine, after.value)
  const considered = consideredFrom(was, is, event.type)
  return [
    {
      actor: labelIn(scene, session),
      type: kind === 'start' ? 'xstate.init' : event.type,
      considered,
      from: before === undefined ? '' : lineOf(before),
      to: lineOf(after),
      entered: without(is, was),
      exited: without(was, is).toReversed(),
      actions: [],
    },
  ]
}

function without(
  nodes: readonly AnyStateNode[],
  others: readonly AnyStateNode[],
): readonly string[] {
  const known = new Set(others)
  return nodes.filter((node) => !known.has(node)).map(({ id }) => id)
}

/** Innermost states first. */
function consideredFrom(
  was: readonly AnyStateNode[],
  is: readonly AnyStateNode[],
  type: string,
): readonly Considered[] {
  const transitions = was.toReversed().flatMap((node) => candidatesOf(node, type))
  const taken = takenOf(transitions, new Set(was), new Set(is))
  let isReached = true
  return transitions.slice(0, maxConsidered).map((transition): Considered => {
    const isTaken = transition === taken
    const verdict = isTaken ? 'taken' : isReached ? 'guard false' : 'not reached'
    if (isTaken) isReached = false
    const { source, target = [], eventType, guard } = transition
    const name = describeGuard(guard)
    return {
      transition: transitionKeyOf(transition),
      state: source.id,
      on: eventType === '' ? 'always' : eventType,
      targets: target.map(({ id }: AnyStateNode) => id),
      verdict,
      ...(name !== undefined && { guard: { name, result: 'not asked', reads: [] } }),
    }
  })
}

/**
 * The first whose targets were entered; of a state that stayed, the first that leads nowhere else
 * or has no guard. None if the states changed in a way that no transition of this event explains.
 */
function takenOf(
  transitions: readonly Transition[],
  was: ReadonlySet<AnyStateNode>,
  is: ReadonlySet<AnyStateNode>,
): Transition | undefined {
  const targetsOf = ({ target = [] }: Transition): readonly AnyStateNode[] => target
  const leading = transitions.find((transition) => {
    const targets = targetsOf(transition)
    return targets.some((node) => !was.has(node)) && targets.every((node) => is.has(node))
  })
  if (leading !== undefined) return leading
  const isSame = was.size === is.size && [...was].every((node) => is.has(node))
  const unguarded = transitions.find(({ guard }) => guard === undefined)
  if (!isSame) return unguarded
  return unguarded !== undefined && targetsOf(unguarded).every((node) => is.has(node))
    ? unguarded
    : undefined
}
