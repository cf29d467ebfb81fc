import { standardVersion } from '../protocol/frames.ts'
import type { ActorFrame } from '../protocol/frames.ts'
import type { FrameScene } from './frame-scene.ts'
import type { StoredActor } from './frame-store.ts'

/**
 * A frame with the state of an actor after step `seq`, by default its present one, for receivers
 * that missed its start.
 */
export function actorFrame(
  { store }: FrameScene,
  actor: StoredActor,
  seq: number = store.lastSeq,
): ActorFrame {
  const { id, name, parent, root, definition } = actor
  const state = store.stateAt(id, seq)
  return {
    type: '@xstate.actor',
    _version: standardVersion,
    createdAt: String(store.step(state?.seq ?? -1)?.now ?? store.startedAt ?? 0),
    id: null,
    rootId: root,
    sessionId: id,
    name,
    ...(parent !== undefined && { parentId: parent }),
    ...(definition !== undefined && { definition }),
    snapshot: state?.snapshot ?? {},
  }
}
