/** The transitions that a machine considers, in XState's order, with the verdicts of their guards. */
import type { AnyEventObject, AnyMachineSnapshot } from 'xstate'
import type { Considered } from '../protocol/step.ts'
import { transitionKeyOf } from '../transition-key.ts'
import { candidatesOf } from './candidates.ts'
import type { StateNode, Transition } from './candidates.ts'
import { withoutConflicts } from './exit-set.ts'
import { notAsked, verdictOf } from './verdict.ts'
import type { Guard } from './verdict.ts'

/** The verdicts on the transitions of a machine for one event. */
export interface Consideration {
  /** In the order in which they were asked. */
  readonly considered: readonly Considered[]
  /** Those that are taken. */
  readonly taken: readonly Transition[]
}

/** Asks a state's transitions, and returns the one to take. */
type Ask = (transitions: readonly Transition[], isReached: boolean) => Transition | undefined

/** Considers an event, or, for the event that a microstep belonged to, the `always` after it. */
export function consider(
  snapshot: AnyMachineSnapshot,
  event: AnyEventObject,
  kind: 'event' | 'always',
): Consideration {
  const found = new Map<Transition, Considered>()
  let isBroken = false

  const ask: Ask = (transitions, isReached) => {
    let taken: Transition | undefined
    for (const transition of transitions) {
      const isAsked = isReached && taken === undefined && !isBroken
      const verdict = isAsked ? askOne(transition) : unreached(transition)
      if (verdict.verdict === 'taken') taken = transition
      isBroken ||= verdict.verdict === 'guard threw'
      // A state above several regions is reached from each: what it says when asked counts.
      const earlier = found.get(transition)
      if (earlier === undefined || earlier.verdict === 'not reached') found.set(transition, verdict)
    }
    return taken
  }

  function askOne(transition: Transition): Considered {
    if (transition.guard === undefined) return { ...partsOf(transition), verdict: 'taken' }
    const guard = verdictOf(transition.guard as Guard, snapshot, event)
    const verdict =
      guard.result === 'threw' ? 'guard threw' : guard.result === true ? 'taken' : 'guard false'
    return { ...partsOf(transition), verdict, guard }
  }

  const enabled =
    kind === 'event'
      ? enabledBelow(snapshot.machine.root, snapshot.value as StateValue, event.type, ask, true)
      : enabledAlways(snapshot._nodes, ask)
  const taken = isBroken ? [] : withoutConflicts([...new Set(enabled)], snapshot._nodes)
  const considered = [...found].map(([transition, verdict]): Considered => {
    const isLost = verdict.verdict === 'taken' && !taken.includes(transition) && !isBroken
    return isLost ? { ...verdict, verdict: 'not reached' } : verdict
  })
  return { considered, taken }
}

/** Transitions that were taken, though nothing is known of the others. */
export function takenWithout(transitions: readonly Transition[]): readonly Considered[] {
  return transitions.map((transition) => ({ ...partsOf(transition), verdict: 'taken' }))
}

type StateValue = string | { readonly [key: string]: StateValue }

/** The innermost states first; a state's own transitions only if nothing inside is taken. */
function enabledBelow(
  node: StateNode,
  value: StateValue | undefined,
  type: string,
  ask: Ask,
  isReached: boolean,
): readonly Transition[] {
  const regions: readonly (readonly [string, StateValue | undefined])[] =
    typeof value === 'string' ? [[value, undefined]] : Object.entries(value ?? {})
  const inner = regions.flatMap(([key, below]) => {
    const child = node.states[key] as StateNode | undefined
    return child === undefined ? [] : enabledBelow(child, below, type, ask, isReached)
  })
  const own = ask(candidatesOf(node, type), isReached && inner.length === 0)
  return own === undefined ? inner : [own]
}

/** For each innermost state, its `always` and those of the states around it, until one is taken. */
function enabledAlways(nodes: readonly StateNode[], ask: Ask): readonly Transition[] {
  return nodes
    .filter(({ type }) => type === 'atomic' || type === 'final')
    .flatMap((leaf) => {
      let taken: Transition | undefined
      for (let node: StateNode | undefined = leaf; node !== undefined; node = node.parent) {
        const always = (node.always ?? []) as readonly Transition[]
        taken = ask(always, taken === undefined) ?? taken
      }
      return taken === undefined ? [] : [taken]
    })
}

function unreached(transition: Transition): Considered {
  const { guard } = transition
  return {
    ...partsOf(transition),
    verdict: 'not reached',
    ...(guard !== undefined && { guard: notAsked(guard as Guard) }),
  }
}

function partsOf(transition: Transition): Omit<Considered, 'verdict'> {
  const { source, target = [], eventType } = transition
  return {
    transition: transitionKeyOf(transition),
    state: source.id,
    on: descriptorText(eventType, source.id),
    targets: target.map(({ id }) => id),
  }
}

/** `always`, `after 1000`, `done`, or the descriptor as it is. */
function descriptorText(descriptor: string, stateId: string): string {
  if (descriptor === '') return 'always'
  const [, delay] = /^xstate\.after\.(.+)$/s.exec(descriptor) ?? []
  if (delay !== undefined) return `after ${delay.replace(`.${stateId}`, '')}`
  const [, kind, id] =
    /^xstate\.(done|error|snapshot)\.(?:actor|state)?\.?(.+)$/s.exec(descriptor) ?? []
  return kind === undefined ? descriptor : `${kind} ${id}`
}
