/**
 * What a step defers until its machine has moved, the events to other actors and the facts, as one
 * deferral. XState keeps deferrals in an array and takes the first by `shift`, which moves the rest
 * of an array of more than 16,000 members: the ends of 100,000 tasks at once took five seconds.
 */
import { StateMachine } from 'xstate'
import type { AnyActorScope, AnyStateMachine } from 'xstate'

/** An actor's scope for the steps of its machine. */
interface StepScope {
  readonly scope: AnyActorScope
  deferred: (() => void)[]
}

/** Changes the `transition` of a machine and of its children; their order stays that of XState. */
export function withSingleDeferral<M extends AnyStateMachine>(machine: M): M {
  const step = machine.transition
  const known = new WeakMap<AnyActorScope, StepScope>()

  machine.transition = (snapshot, event, scope: AnyActorScope) => {
    const own = known.get(scope) ?? createStepScope(scope)
    known.set(scope, own)
    own.deferred = []
    const next = step(snapshot, event, own.scope)
    deferAll(scope, own.deferred)
    return next
  }
  for (const logic of Object.values(machine.implementations.actors)) {
    if (logic instanceof StateMachine) withSingleDeferral(logic as AnyStateMachine)
  }
  return machine
}

function createStepScope(scope: AnyActorScope): StepScope {
  const own: StepScope = {
    scope: { ...scope, defer: (run) => void own.deferred.push(run) },
    deferred: [],
  }
  return own
}

/** Defers all as one. */
export function deferAll(scope: AnyActorScope, deferred: readonly (() => void)[]): void {
  const [first] = deferred
  if (first === undefined) return
  scope.defer(deferred.length === 1 ? first : () => runAll(deferred))
}

function runAll(deferred: readonly (() => void)[]): void {
  for (const run of deferred) run()
}
