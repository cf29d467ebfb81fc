/**
 * The frames that a watched program sends: those of `@statelyai/inspect` 0.7, one JSON object per
 * WebSocket text message, and a superset of ours. A receiver of the standard protocol ignores
 * types and members that it does not know.
 */

import type { Microstep } from './step.ts'

/** Version of the superset's frames, in `_jarcast`. A frame without it is a standard one. */
export const frameVersion = 1
/** Form of the standard frames that we make: that of this version of `@statelyai/inspect`. */
export const standardVersion = '0.7.2'

interface StandardFrame {
  /** Version of `@statelyai/inspect` whose form this is. */
  readonly _version: string
  /** Ms since the epoch, as text: when the frame was made. */
  readonly createdAt: string
  readonly id: null
  readonly rootId: string
  readonly sessionId: string
  /** Superset: version, position in the run, and time as the machine saw it. */
  readonly _jarcast?: number
  readonly seq?: number
  readonly now?: number
  /** Superset: number of frames before this one that were lost on their way. */
  readonly lost?: number
}

export interface ActorFrame extends StandardFrame {
  readonly type: '@xstate.actor'
  readonly name: string
  readonly parentId?: string
  /** JSON of the machine's config. */
  readonly definition?: string
  readonly snapshot: FrameSnapshot
}

export interface EventFrame extends StandardFrame {
  readonly type: '@xstate.event'
  readonly sourceId?: string
  readonly event: FrameEvent
}

export interface SnapshotFrame extends StandardFrame {
  readonly type: '@xstate.snapshot'
  readonly event: FrameEvent
  readonly snapshot: FrameSnapshot
}

/** Superset: one microstep, sent before the snapshot that it led to. */
export interface MicrostepFrame extends StandardFrame {
  readonly type: '@jarcast.microstep'
  readonly event: FrameEvent
  /** What the actor did; it is named by `sessionId`. */
  readonly microstep: Omit<Microstep, 'actor'>
}

/** Superset: an event that an actor sent, raised or delayed. */
export interface SentFrame extends StandardFrame {
  readonly type: '@jarcast.sent'
  readonly targetId: string
  readonly event: FrameEvent
  readonly delayMs?: number
}

export type Frame = ActorFrame | EventFrame | SnapshotFrame | MicrostepFrame | SentFrame

export interface FrameEvent {
  readonly type: string
  readonly [key: string]: unknown
}

export interface FrameSnapshot {
  readonly status?: string
  readonly value?: unknown
  readonly context?: unknown
  readonly children?: unknown
  readonly tags?: readonly string[]
  readonly output?: unknown
  readonly error?: unknown
}
