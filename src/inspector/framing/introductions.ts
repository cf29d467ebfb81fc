/** Which actors were told of, so that a frame of theirs is understood. */
import type { AnyActorRef } from 'xstate'
import type { Frame } from '../protocol/frames.ts'
import { quietly } from '../value/hostile.ts'
import { parentOf } from './make-frames.ts'
import type { FrameMaker } from './make-frames.ts'

export interface Introductions {
  /** Tells of an actor, and of its parents before it, unless that was done. */
  introduce(actor: AnyActorRef): void
  has(actor: AnyActorRef): boolean
  forget(actor: AnyActorRef): void
  /**
   * True once for an actor that had no state yet when it was told of: a machine enters its first
   * states after the children that it starts there.
   */
  takeStateless(actor: AnyActorRef): boolean
}

/** `keyOf`: equal for actors that receivers take for the same. Default: no two are. */
export function createIntroductions(
  make: Pick<FrameMaker, 'actor'>,
  take: (frame: Frame) => void,
  keyOf?: (actor: AnyActorRef) => string,
): Introductions {
  const told = keyOf === undefined ? actorSet() : keySet(keyOf)
  const stateless = new WeakSet<AnyActorRef>()

  function introduce(actor: AnyActorRef): void {
    if (told.has(actor)) return
    const parent = parentOf(actor)
    if (parent !== undefined) introduce(parent)
    if (quietly(() => actor.getSnapshot() as unknown) === undefined) stateless.add(actor)
    take(make.actor(actor))
    told.add(actor)
  }

  return {
    introduce,
    has: (actor) => told.has(actor),
    forget: (actor) => told.delete(actor),
    takeStateless: (actor) => stateless.delete(actor),
  }
}

/** Actors that end are not kept alive. */
function actorSet(): ActorSet {
  return new WeakSet()
}

function keySet(keyOf: (actor: AnyActorRef) => string): ActorSet {
  const keys = new Set<string>()
  return {
    has: (actor) => keys.has(keyOf(actor)),
    add: (actor) => keys.add(keyOf(actor)),
    delete: (actor) => keys.delete(keyOf(actor)),
  }
}

interface ActorSet {
  has(actor: AnyActorRef): boolean
  add(actor: AnyActorRef): void
  delete(actor: AnyActorRef): void
}
