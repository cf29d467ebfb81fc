/**
 * What a watched program has sent, in order: one step per event, with the states that followed.
 * Bounded by bytes: the oldest steps are dropped, and each actor keeps the state that it had then.
 */
import type { ActorFrame, Frame, FrameEvent, FrameSnapshot } from '../protocol/frames.ts'
import type { MicrostepFrame, SentFrame } from '../protocol/frames.ts'
import { createActorNames } from './actor-names.ts'
import { lastAtOrBefore } from './last-at-or-before.ts'

/** One event that an actor got, or its start. */
export interface FrameStep {
  readonly seq: number
  /** Ms since the epoch. */
  readonly now: number
  readonly kind: 'start' | 'event'
  readonly actor: string
  readonly source: string | undefined
  readonly event: FrameEvent
  readonly microsteps: MicrostepFrame[]
  readonly sent: SentFrame[]
  /** True once a snapshot followed. */
  isSettled: boolean
  /** Characters of its frames. */
  size: number
}

export interface StoredActor {
  /** Of its session, which is how frames name it. */
  readonly id: string
  /** How people name it, unlike any other. */
  readonly label: string
  readonly name: string
  /** Session of its parent, which was there before it. */
  readonly parent: string | undefined
  /** Session of its root. */
  readonly root: string
  readonly definition: string | undefined
  /** The step of its start. */
  readonly bornAt: number
  /** States in order: the step after which each holds. */
  readonly states: { readonly seq: number; readonly snapshot: FrameSnapshot }[]
}

export interface FrameStoreLimits {
  /** Characters of frames kept. Default 32 million. */
  readonly maxChars?: number
  /** Actors known at most; frames of others are dropped. Default 20,000. */
  readonly maxActors?: number
}

/** Events of one actor that wait for their snapshot; of more, the oldest waits no longer. */
const maxOpen = 1000
/** No date is later. */
const maxTime = 8.64e15

export class FrameStore {
  readonly #maxChars: number
  readonly #maxActors: number
  readonly #steps: FrameStep[] = []
  /** Of each actor, the events whose snapshot has not come: XState tells of an event when it is queued. */
  readonly #open = new Map<string, FrameStep[]>()
  readonly #names = createActorNames()
  readonly actors = new Map<string, StoredActor>()
  #startedAt: number | undefined
  #chars = 0
  #lastSeq = -1
  #dropped = 0

  constructor({ maxChars = 32e6, maxActors = 20_000 }: FrameStoreLimits = {}) {
    this.#maxChars = maxChars
    this.#maxActors = maxActors
  }

  /** Time of the first step; undefined in an empty store. */
  get startedAt(): number | undefined {
    return this.#startedAt
  }

  /** Seq of the oldest step kept; 0 in an empty store. */
  get firstSeq(): number {
    return this.#steps[0]?.seq ?? 0
  }

  /** -1 in an empty store. */
  get lastSeq(): number {
    return this.#lastSeq
  }

  /** Frames that were not kept: of unknown actors, or of more actors than there may be. */
  get dropped(): number {
    return this.#dropped
  }

  /** The actor with this label. */
  actorOf(label: string): StoredActor | undefined {
    return this.actors.get(this.#names.sessionOf(label) ?? '')
  }

  step(seq: number): FrameStep | undefined {
    return this.#steps[seq - this.firstSeq]
  }

  /** The state of an actor after step `seq`; undefined before its start. */
  snapshotAt(id: string, seq: number): FrameSnapshot | undefined {
    return this.stateAt(id, seq)?.snapshot
  }

  /** The same, with the step that led to it. */
  stateAt(id: string, seq: number): StoredActor['states'][number] | undefined {
    const actor = this.actors.get(id)
    if (actor === undefined || actor.bornAt > seq) return undefined
    return actor.states[lastAtOrBefore(actor.states, seq)]
  }

  /** `size`: characters of the frame as it came; `nowMs`: for a frame without a time of its own. */
  add(frame: Frame, size: number, nowMs: number): void {
    if (frame.type === '@xstate.actor') this.#addActor(frame, size, nowMs)
    else if (!this.#isKnown(frame, nowMs)) this.#dropped += 1
    else if (frame.type === '@xstate.event') this.#addEvent(frame, frame.sourceId, size, nowMs)
    else if (frame.type === '@xstate.snapshot') this.#addSnapshot(frame, size, nowMs)
    else if (frame.type === '@jarcast.microstep')
      this.#openStep(frame, size, nowMs).microsteps.push(frame)
    else this.#openStep(frame, size, nowMs).sent.push(frame)
    this.#dropOldest()
  }

  /** An actor whose start was not seen, as by a program that connects late, starts now. */
  #isKnown(frame: Exclude<Frame, ActorFrame>, nowMs: number): boolean {
    const { sessionId } = frame
    if (this.actors.has(sessionId)) return true
    const start = { ...frame, type: '@xstate.actor', name: sessionId, snapshot: {} } as const
    this.#addActor(start, 0, nowMs)
    return this.actors.has(sessionId)
  }

  #addActor(frame: ActorFrame, size: number, nowMs: number): void {
    const { sessionId, parentId, snapshot } = frame
    const known = this.actors.get(sessionId)
    if (known !== undefined) {
      if (isOther(known.states.at(-1)?.snapshot, snapshot))
        this.#addSnapshot({ ...frame, event: { type: '(seen again)' } }, size, nowMs)
      return
    }
    if (this.actors.size >= this.#maxActors) {
      this.#dropped += 1
      return
    }
    const event = { type: 'start' }
    const step = this.#push('start', { ...frame, event }, undefined, size, nowMs)
    step.isSettled = true
    const parent = this.actors.get(parentId ?? '')
    this.actors.set(sessionId, {
      id: sessionId,
      ...this.#names.add(frame),
      // Known ones only: no actor is its own ancestor then.
      parent: parent?.id,
      root: parent?.root ?? sessionId,
      bornAt: step.seq,
      states: [{ seq: step.seq, snapshot }],
    })
  }

  #addEvent(frame: Timed, source: string | undefined, size: number, nowMs: number): FrameStep {
    const step = this.#push('event', frame, source, size, nowMs)
    const open = this.#open.get(frame.sessionId) ?? []
    if (open.push(step) > maxOpen) open.shift()
    this.#open.set(frame.sessionId, open)
    return step
  }

  #addSnapshot(frame: Timed & { snapshot: FrameSnapshot }, size: number, nowMs: number): void {
    const step = this.#openStep(frame, size, nowMs)
    step.isSettled = true
    const open = this.#open.get(frame.sessionId) ?? []
    open.splice(0, open.indexOf(step) + 1)
    const states = this.actors.get(frame.sessionId)?.states ?? []
    const { snapshot } = frame
    const seq = Math.max(step.seq, states.at(-1)?.seq ?? 0)
    if (states.at(-1)?.seq === seq) states.pop()
    states.push({ seq, snapshot })
  }

  /** The step that the actor takes now; frames may lack the event, as after `raise`. */
  #openStep(frame: Timed, size: number, nowMs: number): FrameStep {
    const waiting = this.#open.get(frame.sessionId) ?? []
    const open = waiting.find(({ event }) => event.type === frame.event.type)
    if (open === undefined) return this.#addEvent(frame, undefined, size, nowMs)
    open.size += size
    this.#chars += size
    return open
  }

  #push(
    kind: FrameStep['kind'],
    { sessionId, event, createdAt, now }: Timed,
    source: string | undefined,
    size: number,
    nowMs: number,
  ): FrameStep {
    this.#lastSeq += 1
    const sentAt = Number(createdAt)
    const claimed = now ?? (createdAt === '' ? NaN : sentAt)
    const step: FrameStep = {
      seq: this.#lastSeq,
      now: Number.isSafeInteger(claimed) && claimed >= 0 && claimed < maxTime ? claimed : nowMs,
      kind,
      actor: sessionId,
      source,
      event,
      microsteps: [],
      sent: [],
      isSettled: false,
      size,
    }
    this.#startedAt ??= step.now
    this.#steps.push(step)
    this.#chars += size
    return step
  }

  /** In large parts: each time costs as much as there are actors. */
  #dropOldest(): void {
    if (this.#chars <= this.#maxChars) return
    let count = 0
    while (this.#chars > this.#maxChars * 0.75 && count < this.#steps.length - 1) {
      this.#chars -= this.#steps[count]?.size ?? 0
      count += 1
    }
    this.#steps.splice(0, count)
    for (const { states } of this.actors.values())
      states.splice(0, Math.max(0, lastAtOrBefore(states, this.firstSeq)))
    for (const [id, open] of this.#open) {
      const kept = open.filter(({ seq }) => seq >= this.firstSeq)
      if (kept.length > 0) this.#open.set(id, kept)
      else this.#open.delete(id)
    }
  }
}

function isOther(one: FrameSnapshot | undefined, other: FrameSnapshot): boolean {
  try {
    return JSON.stringify(one) !== JSON.stringify(other)
  } catch {
    // Too deep to be compared.
    return true
  }
}

type Timed = Pick<ActorFrame, 'sessionId' | 'createdAt' | 'now'> & { readonly event: FrameEvent }
