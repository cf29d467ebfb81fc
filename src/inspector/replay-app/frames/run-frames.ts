/** Standard frames of a machine that replays a run. */
import type { AnyActorRef, AnyEventObject, InspectionEvent } from 'xstate'
import { createIntroductions } from '../../framing/introductions.ts'
import { createFrameMaker, parentOf } from '../../framing/make-frames.ts'
import type { Frame } from '../../protocol/frames.ts'

export interface RunFrames {
  /** For the machine's actors. */
  readonly inspect: (event: InspectionEvent) => void
  /** Tells of actors that are there already, parents first; of known ones, their states. */
  tell(actors: readonly AnyActorRef[], lost: number): void
}

/** Event of a state that follows what was not told. */
const untold: AnyEventObject = { type: '(events lost)' }

/**
 * Sessions are paths of actor ids, such as `scheduler/offers`: they stay the same if another
 * machine continues the replay. `now`: ms since the epoch, as the machine sees it.
 */
export function createRunFrames(take: (frame: Frame) => void, now: () => number): RunFrames {
  const make = createFrameMaker(now, sessionOf)
  const told = createIntroductions(make, take, sessionOf)

  function inspect(event: InspectionEvent): void {
    const actor = event.actorRef as AnyActorRef
    if (event.type === '@xstate.event') {
      told.introduce(actor)
      const source = event.sourceRef as AnyActorRef | undefined
      if (!isInit(event.event)) take(make.event(actor, event.event, source))
    } else if (event.type === '@xstate.snapshot') {
      told.introduce(actor)
      if (told.takeStateless(actor) || !isInit(event.event)) take(make.snapshot(actor, event.event))
      // Another actor may get its id.
      if ((event.snapshot as { readonly status?: string }).status !== 'active') told.forget(actor)
    }
  }

  return {
    inspect,
    tell(actors, lost) {
      let left = lost
      for (const actor of actors) {
        if (!told.has(actor)) told.introduce(actor)
        else {
          take({ ...make.snapshot(actor, untold), ...(left > 0 && { lost: left }) })
          left = 0
        }
      }
    },
  }
}

function sessionOf(actor: AnyActorRef): string {
  const parent = parentOf(actor)
  return parent === undefined ? actor.id : `${sessionOf(parent)}/${actor.id}`
}

function isInit({ type }: AnyEventObject): boolean {
  return type === 'xstate.init'
}
