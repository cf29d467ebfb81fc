/** Frames of the standard protocol, and of our superset, from what XState tells of an actor. */
import type { AnyActorRef, AnyEventObject } from 'xstate'
import { frameVersion, standardVersion } from '../protocol/frames.ts'
import { quietly } from '../value/hostile.ts'
import type { ActorFrame, EventFrame, FrameEvent } from '../protocol/frames.ts'
import type { FrameSnapshot, MicrostepFrame, SentFrame, SnapshotFrame } from '../protocol/frames.ts'
import type { Microstep } from '../protocol/step.ts'
import { plainCopy } from './plain-copy.ts'

/** Parts of a snapshot of any kind of actor. */
interface AnySnapshot {
  readonly status?: string
  readonly value?: unknown
  readonly context?: unknown
  readonly children?: object
  readonly tags?: Iterable<string>
  readonly output?: unknown
  readonly error?: unknown
}

export interface FrameMaker {
  actor(actor: AnyActorRef): ActorFrame
  event(actor: AnyActorRef, event: AnyEventObject, source: AnyActorRef | undefined): EventFrame
  snapshot(actor: AnyActorRef, event: AnyEventObject): SnapshotFrame
  microstep(
    actor: AnyActorRef,
    event: AnyEventObject,
    microstep: Omit<Microstep, 'actor'>,
  ): MicrostepFrame
  sent(actor: AnyActorRef, targetId: string, event: AnyEventObject, delayMs: number): SentFrame
}

/** `now`: ms since the epoch. `sessionOf`: names of actors, unique among those of the frames. */
export function createFrameMaker(
  now: () => number = Date.now,
  sessionOf: (actor: AnyActorRef) => string = ({ sessionId }) => sessionId,
): FrameMaker {
  const definitions = new WeakMap<object, string | undefined>()
  let seq = 0

  function common(actor: AnyActorRef) {
    seq += 1
    return {
      _version: standardVersion,
      _jarcast: frameVersion,
      createdAt: String(now()),
      id: null,
      seq,
      rootId: sessionOf(rootOf(actor)),
      sessionId: sessionOf(actor),
    }
  }

  function definitionOf(actor: AnyActorRef): string | undefined {
    const { logic } = actor as { readonly logic?: { readonly config?: unknown } }
    const config = logic?.config
    if (typeof config !== 'object' || config === null) return undefined
    if (!definitions.has(config)) {
      definitions.set(
        config,
        quietly(() => definitionIn(config)),
      )
    }
    return definitions.get(config)
  }

  return {
    actor: (actor) => {
      const definition = definitionOf(actor)
      const parent = parentOf(actor)
      return {
        ...common(actor),
        type: '@xstate.actor',
        name: actor.id,
        ...(parent !== undefined && { parentId: sessionOf(parent) }),
        ...(definition !== undefined && { definition }),
        snapshot: snapshotOf(actor),
      }
    },
    event: (actor, event, source) => ({
      ...common(actor),
      type: '@xstate.event',
      event: eventOf(event),
      ...(source !== undefined && { sourceId: sessionOf(source) }),
    }),
    snapshot: (actor, event) => ({
      ...common(actor),
      type: '@xstate.snapshot',
      event: eventOf(event),
      snapshot: snapshotOf(actor),
    }),
    microstep: (actor, event, microstep) => ({
      ...common(actor),
      type: '@jarcast.microstep',
      event: { type: event.type },
      microstep,
    }),
    sent: (actor, targetId, event, delayMs) => ({
      ...common(actor),
      type: '@jarcast.sent',
      event: eventOf(event),
      targetId,
      delayMs,
    }),
  }
}

function rootOf(actor: AnyActorRef): AnyActorRef {
  let root = actor
  for (let above = parentOf(root); above !== undefined; above = parentOf(root)) root = above
  return root
}

export function parentOf(actor: AnyActorRef): AnyActorRef | undefined {
  return (actor as { readonly _parent?: AnyActorRef })._parent
}

function eventOf(event: AnyEventObject): FrameEvent {
  const copy = plainCopy(event)
  const members = typeof copy === 'object' && copy !== null ? copy : {}
  return { ...members, type: event.type }
}

function snapshotOf(actor: AnyActorRef): FrameSnapshot {
  // Not while the actor enters its first states, with children that tell of themselves already.
  const snapshot = quietly(() => actor.getSnapshot() as AnySnapshot | undefined)
  if (snapshot === undefined) return { status: 'active' }
  const { status = 'active', value, context, children, tags, output, error } = snapshot
  return {
    status,
    ...(value !== undefined && { value }),
    ...(context !== undefined && { context: plainCopy(context) }),
    ...(children !== undefined && { children: plainCopy(children) }),
    ...(tags !== undefined && { tags: [...tags] }),
    ...(output !== undefined && { output: plainCopy(output) }),
    ...(error !== undefined && { error: plainCopy(error) }),
  }
}

interface NamedFunction {
  readonly name: string
  readonly type?: unknown
}

/** XState's own actions are functions with a type. */
function nameOf({ name, type }: NamedFunction): string {
  if (typeof type === 'string') return type.replace(/^xstate\./, '')
  return name === '' ? '(inline)' : name
}

/**
 * Without context and types, which only the machine itself has: a state may have these names. Keys
 * stay in the order of the document, which the standard inspector loses.
 */
function definitionIn(config: object): string {
  return JSON.stringify(
    { ...config, context: undefined, types: undefined, schemas: undefined },
    asDefinition,
  )
}

function asDefinition(key: string, value: unknown): unknown {
  if (typeof value === 'function') return { type: nameOf(value as NamedFunction) }
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value)
  if (key === 'src' && isLogic(value)) return '(inline)'
  return value
}

/** True for a machine, or other logic, that an invocation has in place of a name. */
function isLogic(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'transition' in value
}
