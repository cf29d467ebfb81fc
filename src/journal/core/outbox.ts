/**
 * The outbox: collects the effects that machines name, until the gateway publishes them. An effect
 * is an action whose name starts with `fx.`, with typed params.
 */
import { StateMachine } from 'xstate'
import type { AnyActorLogic, AnyStateMachine } from 'xstate'

/** A named action that a machine wants done. */
export interface Effect {
  /** `seq` of its entry, and its index there: unique, and equal in every replay. */
  readonly key: string
  readonly type: `fx.${string}`
  readonly params: unknown
  /** The machine that wants it. */
  readonly actorId: string
}

/**
 * Replaces every `fx.` action of a machine and its children by one that collects the effect. This
 * costs nothing per event; an inspector of actions would cost half of the throughput.
 */
export function withOutbox<M extends AnyStateMachine>(
  machine: M,
  collect: (type: Effect['type'], params: unknown, actorId: string) => void,
): M {
  const { actions, actors } = machine.implementations
  const collecting = machine.provide({
    actions: Object.fromEntries(
      Object.keys(actions)
        .filter(isEffectName)
        .map((type) => [
          type,
          ({ self }: { self: { id: string } }, params: unknown) => {
            collect(type, params, self.id)
          },
        ]),
    ),
    actors: Object.fromEntries(
      Object.entries(actors).map(([src, logic]) => [
        src,
        isMachine(logic) ? withOutbox(logic, collect) : logic,
      ]),
    ),
  }) as M
  // An endless transition is an error, and does not block the process.
  collecting.options = { maxIterations: maxMicrosteps, ...machine.config.options }
  return collecting
}

const maxMicrosteps = 1000

function isEffectName(name: string): name is `fx.${string}` {
  return name.startsWith('fx.')
}

function isMachine(logic: AnyActorLogic | object): logic is AnyStateMachine {
  return logic instanceof StateMachine
}
