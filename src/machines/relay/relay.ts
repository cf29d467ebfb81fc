/**
 * Which host takes which stripe of a library from whom, for all libraries that are on their way. A
 * host says that it joins, has all, leaves, or was failed by another; those whose sources change
 * are told.
 * It is progress, which no restart needs: it runs beside the scheduler, and nothing of it is
 * journalled. A new process begins with no plans; hosts under way ask again, or fetch from the
 * server.
 */
import { setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import type { RelayAnswers, RelayEvent } from '../../domain/relay/relay-events.ts'
import {
  answerOf,
  blameInPlan,
  emptyPlan,
  finishInPlan,
  joinPlan,
  leavePlan,
} from './relay-plan.ts'
import type { PlanChange, RelayPlan } from './relay-plan.ts'

export interface RelayContext {
  /** By library, the one joined last at the end. */
  readonly plans: readonly LibraryPlan[]
}

interface LibraryPlan {
  readonly sha256: string
  readonly plan: RelayPlan
}

/** Plans kept at a time; of one that was dropped, hosts under way go on as they are. */
const maxPlans = 64

const relay = setup({
  types: {} as { context: RelayContext; events: RelayEvent },
  actions: {
    'fx.answerRelay': (_, _params: RelayAnswers) => undefined,
  },
})

const changePlan = relay.enqueueActions(({ context, event, enqueue }) => {
  const { sha256 } = event
  const { plan, moved } = changeOf(planOf(context, sha256), event)
  enqueue.assign({ plans: withPlan(context, { sha256, plan }) })
  if (moved.length === 0) return
  const answers = moved.map((host) => answerOf(plan, host))
  enqueue({ type: 'fx.answerRelay', params: { sha256, answers } })
})

export const relayMachine = relay.createMachine({
  id: 'relay',
  context: { plans: [] },
  on: {
    'relay.*': { actions: changePlan },
  },
})

export type RelaySnapshot = SnapshotFrom<typeof relayMachine>
export type RelayRef = ActorRefFrom<typeof relayMachine>

function changeOf(plan: RelayPlan, event: RelayEvent): PlanChange {
  switch (event.type) {
    case 'relay.joined':
      return joinPlan(plan, event.host)
    case 'relay.finished':
      return finishInPlan(plan, event.hostId)
    case 'relay.left':
      return leavePlan(plan, event.hostId)
    case 'relay.failed':
      return blameInPlan(plan, event.hostId, event.sourceId, event.reason)
  }
}

function planOf({ plans }: RelayContext, sha256: string): RelayPlan {
  return plans.find((known) => known.sha256 === sha256)?.plan ?? emptyPlan
}

/** A plan without hosts is none. */
function withPlan({ plans }: RelayContext, changed: LibraryPlan): readonly LibraryPlan[] {
  const others = plans.filter(({ sha256 }) => sha256 !== changed.sha256)
  return changed.plan.hosts.length === 0 ? others : [...others, changed].slice(-maxPlans)
}
