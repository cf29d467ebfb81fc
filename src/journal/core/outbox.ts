/**
 * The outbox: where the effects that machines name are collected, until the gateway has them performed.
 * An effect is an action whose name starts with `fx.`; its machine gives it a name and typed params, nothing else.
 */
import { StateMachine } from 'xstate'
import type { AnyActorLogic, AnyStateMachine } from 'xstate'

/** A named action that a machine wants done. */
export interface Effect {
  /** `seq` of its entry and its place among the entry's effects: unique, and equal in every replay. */
  readonly key: string
  readonly type: `fx.${string}`
  readonly params: unknown
  /** The machine that wants it. */
  readonly actorId: string
}

/**
 * The same machine, and the same children, with every `fx.` action replaced by one that only collects it.
 * Replacing costs nothing per event; watching actions through an inspector would cost half of the throughput.
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
  // A transition that never comes to rest is an error as any other, and no standstill.
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
