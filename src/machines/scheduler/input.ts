/** The input of the scheduler machine. */
import type { FrameworkInfo, SchedulerOfferConstraints } from '../../mesos/types.generated.ts'
import type { InverseOfferPolicy } from './maintenance/maintenance.ts'
import type { OfferFlowInput } from './offers/offer-flow.ts'

export interface SchedulerInput {
  /** Without id: the master gives one. */
  readonly framework: FrameworkInfo
  /** Id from an earlier run of this framework, within its failover timeout. */
  readonly frameworkId?: string
  /** True when there are libraries to ship: then the jar server is started once registered. */
  readonly hasLibraries: boolean
  /** How long to try to subscribe, ms. */
  readonly timeoutMs: number
  /**
   * True when the run outlives its process: a task that is submitted again under its id after its
   * end is not run again. Default false: ended tasks are forgotten.
   */
  readonly remembersOutcomes?: boolean
  /** Agents whose offers the framework wants, per role. Default all. */
  readonly offerConstraints?: SchedulerOfferConstraints
  readonly policy?: SchedulerPolicy
}

/** Settings for how a framework deals with Mesos. */
export interface SchedulerPolicy {
  /** Maximum time that an unused offer is held, ms. Default 0: it is declined at once. */
  readonly offerHoldMs?: number
  /** Answer to inverse offers. Default accept. */
  readonly inverseOffers?: InverseOfferPolicy
  /** What to do with tasks that Mesos runs and this framework does not know. Default report. */
  readonly unknownTasks?: 'report' | 'kill'
  /** Interval of implicit reconciliation, ms. Default 15 min. */
  readonly reconcileEveryMs?: number
  /** Limit on REVIVE calls. Default 60 in a row, and one more per second. */
  readonly revives?: OfferFlowInput
}
