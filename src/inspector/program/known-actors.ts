/** The actors of a program: all that is kept while nobody watches. */
import type { AnyActorRef } from 'xstate'

export interface KnownActors {
  add(actor: AnyActorRef): void
  remove(actor: AnyActorRef): void
  /** Parents before their children. */
  all(): Iterable<AnyActorRef>
}

/** More are not known, and not shown. */
const maxActors = 20_000
const tidyEvery = 1000

/** Actors that end are forgotten; those that are dropped without an end are not kept alive. */
export function createKnownActors(): KnownActors {
  const refs = new Map<string, WeakRef<AnyActorRef>>()
  let refused = 0

  /** Once for many actors: it takes as long as there are actors. */
  function tidy(): void {
    refused += 1
    if (refused % tidyEvery !== 1) return
    for (const [session, ref] of refs) if (ref.deref() === undefined) refs.delete(session)
  }

  return {
    add(actor) {
      if (refs.size >= maxActors) tidy()
      if (refs.size < maxActors) refs.set(actor.sessionId, new WeakRef(actor))
    },
    remove(actor) {
      refs.delete(actor.sessionId)
    },
    *all() {
      for (const ref of refs.values()) {
        const actor = ref.deref()
        if (actor !== undefined) yield actor
      }
    },
  }
}
