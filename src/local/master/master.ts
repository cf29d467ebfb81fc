/**
 * The master: offers, launches, status updates and acknowledgements pass through it. State is in
 * memory. No quota, no weights.
 * Source: apache/mesos docs/scheduler-http-api.md; src/master/master.cpp.
 */
import { defined } from '../../defined.ts'
import type {
  MasterInfo,
  SchedulerCall,
  SchedulerCallSubscribe,
} from '../../mesos/types.generated.ts'
import type { Answer } from '../http/http.ts'
import type { LeadingMaster } from '../network/links.ts'
import { nowSeconds } from '../time/now.ts'
import { MasterAgents } from './agents/master-agents.ts'
import type { MasterAgentsOptions } from './agents/master-agents.ts'
import { Allocator } from './allocation/allocator.ts'
import type { MinAllocatable } from './allocation/offerable.ts'
import { callsFromAgents } from './calls-from-agents.ts'
import { handleCall } from './calls/handle-call.ts'
import { FrameworkRegistry } from './frameworks/framework-registry.ts'
import type { Subscription } from './frameworks/framework-registry.ts'
import { createSubscribers } from './model/subscribers.ts'
import type { Subscribers } from './model/subscribers.ts'
import { sendInverseOffers } from './offers/inverse-offer-book.ts'
import { sendOffers } from './offers/offer-book.ts'
import { endStream } from './state/master-state.ts'
import type { Framework, MasterState } from './state/master-state.ts'
import { createRegistrar } from './state/registrar.ts'
import type { Registrar } from './state/registrar.ts'

export interface MasterOptions extends MasterAgentsOptions {
  readonly info: MasterInfo
  /** The registry of earlier leaders; undefined for a master that does not lead. */
  readonly registrar: Registrar | undefined
  readonly allocationIntervalMs: number
  readonly heartbeatIntervalSeconds: number
  /** Default 0.01 cpus or 32 MB of memory. */
  readonly minAllocatable?: MinAllocatable
}

export interface Master
  extends LeadingMaster, Pick<MasterAgents, 'markGone' | 'draining' | 'shutDown'> {
  readonly state: MasterState
  readonly info: MasterInfo
  /** In seconds since 1970. */
  readonly startedAt: number
  /** True for the leader, or the last leader. */
  readonly isElected: boolean
  readonly subscribers: Subscribers
  readonly settings: Omit<MasterOptions, 'info' | 'registrar'>
  /** Sends SUBSCRIBED, or one ERROR and the end. */
  subscribe(call: SchedulerCallSubscribe, subscription: Subscription): void
  /** The stream of this id broke. */
  disconnect(streamId: string): void
  /** Handles every other call of a framework, after its stream id was checked. */
  handle(framework: Framework, call: SchedulerCall): Answer
  /** Removes a framework for an operator, and ends its tasks. */
  teardown(frameworkId: string): Answer
  close(): void
}

export function createMaster({ info, registrar: left, ...settings }: MasterOptions): Master {
  const registrar = left ?? createRegistrar()
  const { allocationIntervalMs, heartbeatIntervalSeconds, minAllocatable } = settings
  const subscribers = createSubscribers(heartbeatIntervalSeconds)
  const state: MasterState = {
    id: info.id,
    frameworks: new Map(),
    completedFrameworks: [],
    completedIds: new Set(),
    watch: subscribers.watch,
    endedTasks: new Map(),
    agents: new Map(),
    registrar,
    recoveredAgents: new Map(registrar.admitted),
    offers: new Map(),
    inverseOffers: new Map(),
    counters: { frameworks: 0, offers: 0 },
    allocator: new Allocator({
      intervalMs: allocationIntervalMs,
      ...defined({ minAllocatable }),
      onInverseOffers: (frameworkId, allocations) =>
        sendInverseOffers(state, frameworkId, allocations),
      onOffers: (frameworkId, allocations) => sendOffers(state, frameworkId, allocations),
    }),
  }
  const registry = new FrameworkRegistry(state, { masterInfo: info, heartbeatIntervalSeconds })
  const agents = new MasterAgents(state, settings)
  return {
    state,
    info,
    startedAt: nowSeconds(),
    isElected: left !== undefined,
    subscribers,
    settings,
    subscribe: (call, subscription) => registry.subscribe(call, subscription),
    disconnect: (streamId) => registry.disconnect(streamId),
    teardown(frameworkId) {
      const framework = state.frameworks.get(frameworkId)
      if (framework === undefined)
        return { status: 400, body: 'No framework found with specified ID' }
      registry.remove(framework)
      return { status: 200 }
    },
    handle(framework, call) {
      const answer = handleCall(state, registry, framework, call)
      agents.draining.settle()
      return answer
    },
    hasAgent: (agentId) => state.agents.has(agentId),
    addAgent: (link) => agents.register(link),
    reregister: (link, report) => agents.reregister(link, report),
    disconnectAgent: (agentId) => agents.disconnect(agentId),
    pong: (agentId) => agents.pong(agentId),
    markGone: (agentId) => agents.markGone(agentId),
    draining: agents.draining,
    shutDown: (agentId, message) => agents.shutDown(agentId, message),
    ...callsFromAgents(state),
    close() {
      agents.close()
      state.allocator.close()
      subscribers.close()
      for (const framework of state.frameworks.values()) {
        clearTimeout(framework.failoverTimer)
        endStream(framework)
      }
      state.frameworks.clear()
    },
  }
}
