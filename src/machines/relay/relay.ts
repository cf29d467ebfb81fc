/**
 * Relay planning, a component of the jar server: the source of each stripe of each library that
 * hosts are fetching. Hosts join, finish, leave, and report sources that failed them; hosts whose
 * sources change get an answer.
 * Plans need no journal: after a restart, fetching hosts join again, or fetch from the server.
 */
import { setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import type { RelayAnswers, RelayEvent } from '../../domain/relay/relay-events.ts'
import type { PlanChange, RelayPlan } from './plan-draft.ts'
import {
  answerOf,
  blameInPlan,
  emptyPlan,
  finishInPlan,
  joinPlan,
  leavePlan,
} from './relay-plan.ts'

export interface RelayContext {
  /** One per library; the last one changed is at the end. */
  readonly plans: readonly LibraryPlan[]
}

interface LibraryPlan {
  readonly sha256: string
  readonly plan: RelayPlan
}

/** Maximum number of plans. Hosts of a dropped plan keep their sources. */
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
  description: 'Chooses the hosts that each host takes the stripes of a library from.',
  context: { plans: [] },
  on: {
    'relay.*': {
      actions: changePlan,
      description: 'A host joined, finished, left, or reported a source: change the plan.',
    },
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

/** Drops a plan without hosts. */
function withPlan({ plans }: RelayContext, changed: LibraryPlan): readonly LibraryPlan[] {
  const others = plans.filter(({ sha256 }) => sha256 !== changed.sha256)
  return changed.plan.hosts.length === 0 ? others : [...others, changed].slice(-maxPlans)
}
