/** Records what the actors of a system do, by XState's inspection. */
import type { AnyActorRef, AnyEventObject, AnyMachineSnapshot, InspectionEvent } from 'xstate'
import { cutText } from '../cut-text.ts'
import type { Microstep, SentEvent } from '../protocol/step.ts'
import { toValue } from '../value/to-value.ts'
import type { Executed } from './actions.ts'
import type { Transition } from './candidates.ts'
import { birthOf, failedStepOf, microstepOf } from './microsteps.ts'

export interface Recorder {
  /** For the `inspect` option of an actor, or for `system.inspect`. */
  readonly inspect: (event: InspectionEvent) => void
  /** What was recorded since the last call. */
  take(): Recording
}

export interface Recording {
  /** In the order in which they happened, over all actors. */
  readonly microsteps: readonly Microstep[]
  /** Events between actors, and delayed ones. */
  readonly sent: readonly SentEvent[]
}

/** What an actor does at present. */
interface Activity {
  /** Before the next microstep. */
  snapshot: AnyMachineSnapshot | undefined
  executed: Executed[]
  /** Events that it has got and not finished. */
  readonly queue: AnyEventObject[]
}

/** Parameters of XState's own actions that send an event. */
interface SendParams {
  readonly event: AnyEventObject
  readonly delay: number
  readonly to: unknown
}

const maxMicrosteps = 1000
const maxSent = 1000

/**
 * Creates a recorder. `isStart`: the first root starts a run, and how it starts is recorded; else
 * it continues one, and nothing is recorded before it runs.
 */
export function createRecorder({ isStart = false } = {}): Recorder {
  let microsteps: (Microstep | undefined)[] = []
  let sent: SentEvent[] = []
  let activities = new Map<AnyActorRef, Activity>()
  /** Places of new actors among the microsteps: filled once they run. */
  const births = new Map<AnyActorRef, number>()
  /** A root that is being restored, with its actors. */
  let restored: string | undefined
  let isFirst = true

  function inspect(event: InspectionEvent): void {
    const actor = event.actorRef as AnyActorRef
    if (event.type === '@xstate.actor' && isRoot(actor)) {
      settle()
      restored = isStart && isFirst ? undefined : event.rootId
      isFirst = false
    }
    if (restored === event.rootId) {
      if (event.type === '@xstate.snapshot' && isRoot(actor)) restored = undefined
      return
    }
    if (event.type === '@xstate.actor') births.set(actor, microsteps.push(undefined) - 1)
    else if (event.type === '@xstate.event')
      noteEvent(actor, event.event, event.sourceRef as AnyActorRef)
    else if (event.type === '@xstate.action') noteAction(actor, event.action)
    else if (event.type === '@xstate.microstep') {
      noteMicrostep(actor, event.event, event.snapshot, event._transitions)
    } else if (event.type === '@xstate.snapshot') finish(actor, event.event)
  }

  function activityOf(actor: AnyActorRef): Activity {
    let activity = activities.get(actor)
    if (activity === undefined) {
      activity = { snapshot: undefined, executed: [], queue: [] }
      activities.set(actor, activity)
    }
    return activity
  }

  function noteEvent(actor: AnyActorRef, event: AnyEventObject, source?: AnyActorRef): void {
    // An actor that is sent its own event while all rest: a timer has fired.
    const isTimer = source === actor && ![...activities.values()].some(({ queue }) => queue.length)
    activityOf(actor).queue.push(event)
    if (source === undefined || isTimer || event.type === 'xstate.init') return
    addSent({ from: source.id, to: actor.id, type: cutText(event.type), event: toValue(event) })
  }

  function noteAction(actor: AnyActorRef, { type, params }: Executed): void {
    activityOf(actor).executed.push({ type, params })
    const { event, delay, to } = (params ?? {}) as Partial<SendParams>
    if (!type.startsWith('xstate.') || event === undefined || delay === undefined) return
    addSent({
      from: actor.id,
      to: targetId(to) ?? actor.id,
      type: cutText(event.type),
      event: toValue(event),
      delayMs: delay,
    })
  }

  function noteMicrostep(
    actor: AnyActorRef,
    event: AnyEventObject,
    snapshot: unknown,
    transitions: readonly Transition[],
  ): void {
    const activity = activityOf(actor)
    const before = activity.snapshot ?? snapshotNow(actor)
    const after = snapshot as AnyMachineSnapshot
    const { executed } = activity
    activity.executed = []
    activity.snapshot = after
    if (microsteps.length >= maxMicrosteps) return
    const done = { actor: actor.id, event, before, after, transitions, executed }
    microsteps.push(microstepOf(done))
  }

  /** An actor is at rest: it has taken an event. */
  function finish(actor: AnyActorRef, event: AnyEventObject): void {
    const activity = activityOf(actor)
    const { queue, executed } = activity
    if (queue[0] === event) queue.shift()
    activity.snapshot = undefined
    activity.executed = []
    const place = births.get(actor)
    const snapshot = snapshotNow(actor)
    if (place === undefined || snapshot === undefined) return
    births.delete(actor)
    microsteps[place] = birthOf(actor.id, snapshot, executed)
  }

  /** A machine that threw has not finished its event: why, is seen in its last state. */
  function settle(): void {
    for (const [actor, { snapshot, queue, executed }] of activities) {
      const [event] = queue
      const before = snapshot ?? snapshotNow(actor)
      if (event === undefined || before === undefined || event.type === 'xstate.init') continue
      const step = { actor: actor.id, event, before, executed }
      microsteps.push(failedStepOf(step, snapshot === undefined ? 'event' : 'always'))
    }
    activities = new Map()
  }

  function addSent(event: SentEvent): void {
    if (sent.length < maxSent) sent.push(event)
  }

  return {
    inspect,
    take() {
      settle()
      const done = microsteps.filter((step) => step !== undefined)
      const recording = { microsteps: done, sent }
      microsteps = []
      births.clear()
      sent = []
      return recording
    },
  }
}

function isRoot(actor: AnyActorRef): boolean {
  return (actor as { readonly _parent?: AnyActorRef })._parent === undefined
}

/** Undefined for an actor that is no machine, or is not initialized yet. */
function snapshotNow(actor: AnyActorRef): AnyMachineSnapshot | undefined {
  try {
    const snapshot = actor.getSnapshot() as AnyMachineSnapshot
    return '_nodes' in snapshot ? snapshot : undefined
  } catch {
    return undefined
  }
}

function targetId(to: unknown): string | undefined {
  return typeof to === 'string' ? to : (to as { readonly id?: string } | undefined)?.id
}
