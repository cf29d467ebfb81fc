/**
 * Watches the actors of a program through XState's inspection, and makes frames of what they do
 * while somebody reads them.
 */
import type { AnyActorRef, AnyEventObject, AnyMachineSnapshot, InspectionEvent } from 'xstate'
import type { Frame } from '../protocol/frames.ts'
import type { Executed } from '../recording/actions.ts'
import type { Transition } from '../recording/candidates.ts'
import { microstepOf } from '../recording/microsteps.ts'
import { createKnownActors } from './known-actors.ts'
import { createIntroductions } from '../framing/introductions.ts'
import { createFrameMaker } from '../framing/make-frames.ts'
import { quietly } from '../value/hostile.ts'
import { createTimeBucket } from '../time-bucket.ts'

export interface ProgramWatch {
  /** For the `inspect` option of an actor. Never throws. */
  readonly inspect: (event: InspectionEvent) => void
  /** Frames are made from now on, the first for the actors that there are; or no longer. */
  setWatched(isWatched: boolean): void
}

export interface FrameReader {
  /** False while it has no room for a frame. */
  hasRoom(): boolean
  take(frame: Frame): void
  /** Frames that were not made, since there was no time or no room for them. */
  noteLost(count: number): void
}

/** What a machine does at present. */
interface Activity {
  /** Before the next microstep. */
  before: AnyMachineSnapshot | undefined
  executed: Executed[]
}

/** Of the program's time; what cannot be told in it is lost. */
const share = 0.05
/** The first frames of a program are slow: their code is not compiled yet. */
const burstMs = 400
const catchUpMs = 200
/** Event of a snapshot that follows frames that were lost. */
const lost: AnyEventObject = { type: '(events lost)' }

export function watchProgram(reader: FrameReader): ProgramWatch {
  const actors = createKnownActors()
  const make = createFrameMaker()
  const bucket = createTimeBucket(share, burstMs)
  let activities = new WeakMap<AnyActorRef, Activity>()
  let told = nobodyTold()
  let behind = new Set<AnyActorRef>()
  let isWatched = false
  let lostCount = 0
  let timer: NodeJS.Timeout | undefined

  function inspect(event: InspectionEvent): void {
    const actor = event.actorRef as AnyActorRef
    if (event.type === '@xstate.actor') actors.add(actor)
    if (isWatched) tell(actor, event)
    if (event.type === '@xstate.snapshot' && hasEnded(event.snapshot)) actors.remove(actor)
  }

  /** False while a frame would slow the program, or fill its memory. */
  function isFree(): boolean {
    return bucket.hasTime() && reader.hasRoom()
  }

  function tell(actor: AnyActorRef, event: InspectionEvent): void {
    if (!isFree()) {
      lose(actor)
      return
    }
    bucket.spend(() => {
      try {
        note(actor, event)
      } catch {
        lose(actor)
      }
    })
  }

  function note(actor: AnyActorRef, event: InspectionEvent): void {
    // Its first state is not there yet.
    if (event.type === '@xstate.actor') return
    told.introduce(actor)
    if (event.type === '@xstate.event') noteEvent(actor, event.event, event.sourceRef)
    else if (event.type === '@xstate.action') noteAction(actor, event.action)
    else if (event.type === '@xstate.microstep')
      noteMicrostep(actor, event.event, event.snapshot, event._transitions)
    else if (event.type === '@xstate.snapshot') noteSnapshot(actor, event.event)
  }

  function nobodyTold() {
    return createIntroductions(make, (frame) => reader.take(frame))
  }

  function noteEvent(actor: AnyActorRef, event: AnyEventObject, source: unknown): void {
    if (event.type !== 'xstate.init')
      reader.take(make.event(actor, event, source as AnyActorRef | undefined))
  }

  function noteAction(actor: AnyActorRef, { type, params }: Executed): void {
    activityOf(actor).executed.push({ type, params })
    const { event, delay, to } = (params ?? {}) as {
      readonly event?: AnyEventObject
      readonly delay?: number
      readonly to?: unknown
    }
    if (!type.startsWith('xstate.') || event === undefined || delay === undefined) return
    const target = (to as { readonly sessionId?: string } | undefined)?.sessionId
    reader.take(make.sent(actor, target ?? actor.sessionId, event, delay))
  }

  function noteMicrostep(
    actor: AnyActorRef,
    event: AnyEventObject,
    snapshot: unknown,
    transitions: readonly Transition[],
  ): void {
    const activity = activityOf(actor)
    const before = activity.before ?? machineSnapshot(actor)
    const after = snapshot as AnyMachineSnapshot
    const { executed } = activity
    activity.before = after
    activity.executed = []
    if (before === undefined || event.type === 'xstate.init' || event.type === 'xstate.stop') return
    const done = { actor: actor.id, event, before, after, transitions, executed }
    reader.take(make.microstep(actor, event, microstepOf(done)))
  }

  function noteSnapshot(actor: AnyActorRef, event: AnyEventObject): void {
    activities.delete(actor)
    if (event.type === 'xstate.init' && !told.takeStateless(actor)) return
    behind.delete(actor)
    reader.take(make.snapshot(actor, event))
  }

  function activityOf(actor: AnyActorRef): Activity {
    const known = activities.get(actor) ?? { before: undefined, executed: [] }
    activities.set(actor, known)
    return known
  }

  function lose(actor: AnyActorRef): void {
    lostCount += 1
    activities.delete(actor)
    behind.add(actor)
    timer ??= setTimeout(catchUp, catchUpMs).unref()
  }

  /** Tells the states of actors whose frames were lost. */
  function catchUp(): void {
    timer = undefined
    if (!isWatched) return
    if (lostCount > 0) reader.noteLost(lostCount)
    lostCount = 0
    for (const actor of behind) {
      if (!isFree()) {
        timer = setTimeout(catchUp, catchUpMs).unref()
        return
      }
      behind.delete(actor)
      bucket.spend(() => tellState(actor))
    }
  }

  function tellState(actor: AnyActorRef): void {
    try {
      const isTold = told.has(actor)
      told.introduce(actor)
      if (isTold) reader.take(make.snapshot(actor, lost))
    } catch {
      // An actor that cannot be read is not shown.
    }
  }

  return {
    inspect,
    setWatched(next) {
      if (next === isWatched) return
      isWatched = next
      activities = new WeakMap()
      told = nobodyTold()
      behind = new Set(next ? actors.all() : [])
      if (next) catchUp()
    },
  }
}

function hasEnded(snapshot: unknown): boolean {
  const { status } = (snapshot ?? {}) as { readonly status?: string }
  return status !== undefined && status !== 'active'
}

/** Undefined for an actor that is no machine, or is not initialized yet. */
function machineSnapshot(actor: AnyActorRef): AnyMachineSnapshot | undefined {
  const snapshot = quietly(() => actor.getSnapshot() as AnyMachineSnapshot | undefined)
  return snapshot !== undefined && '_nodes' in snapshot ? snapshot : undefined
}
