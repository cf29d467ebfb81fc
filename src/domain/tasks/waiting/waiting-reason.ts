/** Why tasks wait: what they need, and what the offers of a round lacked. */
import type { ResourceRequest } from '../resource-request.ts'
import type { TaskConstraints } from '../task-constraints.ts'

/** What an offer can lack; the first one that applies counts. */
export type Obstacle =
  | 'maintenance'
  | 'runtime'
  | 'role'
  | 'constraints'
  | 'limits'
  | 'cpus'
  | 'memMb'
  | 'diskMb'
  | 'gpus'
  | 'ports'
  | 'volumes'

export interface WaitingReason {
  /** Needs of the task, or of its whole group. */
  readonly need: ResourceRequest
  /** Needs of its executor, if that has to be started. */
  readonly executor?: ResourceRequest
  readonly constraints?: TaskConstraints
  readonly role?: string
  /** Number of offers per reason. */
  readonly obstacles: Readonly<Partial<Record<Obstacle, number>>>
  /** The agent that lacks least; absent if no agent may run the task. */
  readonly nearest?: NearestAgent
  /** The constraints that agents do not meet. */
  readonly unmet?: readonly UnmetConstraint[]
}

export interface NearestAgent {
  readonly agentId: string
  readonly hostname: string
  /** The resources of its offer that the task could use. */
  readonly has: ResourceRequest
  readonly lacks: readonly Obstacle[]
}

export interface UnmetConstraint {
  /** As in `--constraint`, such as `rack is r9`. */
  readonly constraint: string
  /** Number of offers whose agents do not meet it. */
  readonly offers: number
  /** One of these agents, and its value of the field; absent if it has none. */
  readonly hostname: string
  readonly value?: string
}
