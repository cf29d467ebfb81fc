/** An actor of a machine on a virtual clock, with control over its timers. */
import { createActor } from 'xstate'
import type { ActorOptions, AnyStateMachine, EmittedFrom, EventObject, InputFrom } from 'xstate'
import { defined } from '../../defined.ts'
import { snapshotsOf } from './actor-tree.ts'
import type { CoreState } from './core-state.ts'
import { rootOf } from './moment.ts'
import type { CoreMoment } from './moment.ts'
import { followTimers, inDueOrder } from './timers.ts'
import type { ScheduledEvent } from './timers.ts'
import { createVirtualClock } from './virtual-clock.ts'

export interface ClockedActorOptions<M extends AnyStateMachine> {
  readonly input: InputFrom<M>
  /** Milliseconds since the epoch. */
  readonly startMs: number
  /** The state to start in. Default: the initial state. */
  readonly state?: CoreState | undefined
  /** A moment of the same machine to start at, in place of `state`. */
  readonly moment?: CoreMoment | undefined
  /** The timers that `state` describes, if they are known. */
  readonly timersBefore?: readonly Pick<ScheduledEvent, 'due' | 'setBy'>[]
  readonly inspect?: ActorOptions<M>['inspect']
}

export interface ClockedActorHandlers<M extends AnyStateMachine> {
  /** Called with what the machine emits, and what the children emit that it has from the start. */
  readonly onFact: (fact: EmittedFrom<M>) => void
  /** Called when the machine throws: the actor is dead. */
  readonly onFailure: (error: unknown) => void
  /** Called in place of a timer that is due: `fire` sends its event. */
  readonly onTimer: (event: EventObject, fire: () => void) => void
  /** `seq` of the entry that is being applied. */
  readonly currentSeq: () => number
}

/** Creates the actor of a machine. `start` enters the state and sets its timers again. */
export function createClockedActor<M extends AnyStateMachine>(
  machine: M,
  { input, startMs, state, moment, timersBefore = [], inspect }: ClockedActorOptions<M>,
  { onFact, onFailure, onTimer, currentSeq }: ClockedActorHandlers<M>,
) {
  const clock = createVirtualClock(moment?.now ?? state?.now ?? startMs)
  // XState replaces references inside the snapshot that it gets.
  const snapshot = moment === undefined ? state && structuredClone(state.snapshot) : rootOf(moment)
  const actor = createActor(machine, {
    id: machine.id,
    input,
    clock: { ...clock, setTimeout: setTimer },
    ...defined({ inspect, snapshot }),
  } as ActorOptions<M>)
  const before: NonNullable<typeof timersBefore> = moment?.timers ?? timersBefore
  const setBy = inDueOrder(before).map((timer) => timer.setBy)
  const timers = followTimers(actor, clock, currentSeq)
  for (const member of snapshotsOf(actor).actors) member.on('*', onFact)
  // Without an error observer, XState reports a throwing machine to the process, which ends it.
  actor.subscribe({ error: onFailure })

  function setTimer(fire: () => void, delayMs: number): number {
    const timer = timers.latest
    return clock.setTimeout(() => {
      if (timer !== undefined) timers.fired(timer)
      onTimer(timer?.event ?? { type: 'timer' }, fire)
    }, delayMs)
  }

  function start(): void {
    actor.start()
    const set = moment === undefined ? (state?.timers ?? []) : timers.describe(moment.timers)
    for (const [index, timer] of set.entries()) timers.restore(timer, setBy[index])
  }

  return { actor, clock, timers, start }
}
