import type { ActorOptions, AnyStateMachine, EventFromLogic, InputFrom } from 'xstate'
import type { Journal } from '../journal.ts'
import type { RuntimeClock } from './monotonic-clock.ts'

export interface RuntimeOptions<M extends AnyStateMachine> {
  readonly input: InputFrom<M>
  /** Default: one that keeps nothing. A journal with entries is recovered from. */
  readonly journal?: Journal<EventFromLogic<M>> | undefined
  /**
   * Taken as the first entry after a recovery, before timers that came due meanwhile fire. Effects
   * of earlier entries are not performed again: with this event the machine asks for those that
   * still matter.
   */
  readonly recoveryEvent?: EventFromLogic<M> | undefined
  /** Default: the wall clock at the time of this call plus the time since then. */
  readonly clock?: RuntimeClock | undefined
  /** Standard XState inspection, for every actor. Without it, it costs nothing. */
  readonly inspect?: ActorOptions<M>['inspect']
}
