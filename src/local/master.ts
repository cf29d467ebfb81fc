/**
 * The master: frameworks come, go and fail over; offers, launches, updates and acknowledgements pass through it.
 * It keeps everything in memory. No authentication, no quota, no maintenance, no reservations.
 * Source: apache/mesos docs/scheduler-http-api.md; src/master/master.cpp.
 */
import { randomUUID } from 'node:crypto'
import { isTerminal } from '../mesos/states.ts'
import type {
  FrameworkInfo,
  MasterInfo,
  SchedulerCall,
  SchedulerEvent,
  TaskStatus,
} from '../mesos/types.generated.ts'
import { acceptOffers, takeOffers } from './accept.ts'
import { createAllocator, type Allocation } from './allocator.ts'
import type { EventStream } from './event-stream.ts'
import { findFrameworkError, findUpdateError, rolesOf } from './framework-info.ts'
import { ACCEPTED, badRequest, type Answer } from './http.ts'
import { nowSeconds } from './ids.ts'
import type { AgentLink, MasterLink } from './links.ts'
import type { Framework, MasterState, MasterTask } from './master-state.ts'
import { describeOffer } from './offers.ts'
import { reconcileOperations, reconcileTasks } from './reconcile.ts'
import { amountsOf } from './resources.ts'

export interface MasterOptions {
  readonly id: string
  readonly info: MasterInfo
  readonly allocationIntervalMs: number
  readonly heartbeatIntervalSeconds: number
}

/** A SUBSCRIBE whose answer has begun: its stream, and what is to happen when that breaks. */
export interface Subscription {
  readonly stream: EventStream<SchedulerEvent>
  readonly streamId: string
}

export interface Master extends MasterLink {
  readonly state: MasterState
  readonly info: MasterInfo
  addAgent(link: AgentLink): void
  /** Sends SUBSCRIBED, or one ERROR and the end. */
  subscribe(call: Extract<SchedulerCall, { type: 'SUBSCRIBE' }>, subscription: Subscription): void
  /** The stream of this id broke. */
  disconnect(streamId: string): void
  /** Every other call, of a framework that is connected with the right stream. */
  handle(framework: Framework, call: SchedulerCall): Answer
  close(): void
}

/** How many removed frameworks are remembered, to be told "Framework has been removed". */
const MAX_COMPLETED = 1000
const MAX_TIMER_MS = 2 ** 31 - 1

export function createMaster(options: MasterOptions): Master {
  const completed = new Set<string>()
  let frameworkCount = 0
  let offerCount = 0
  const state: MasterState = {
    id: options.id,
    frameworks: new Map(),
    agents: new Map(),
    offers: new Map(),
    allocator: createAllocator({ intervalMs: options.allocationIntervalMs, onOffers: sendOffers }),
  }
  const heartbeat = setInterval(() => {
    for (const { stream } of state.frameworks.values()) stream?.send({ type: 'HEARTBEAT' })
  }, options.heartbeatIntervalSeconds * 1000)

  function sendOffers(frameworkId: string, allocations: readonly Allocation[]): void {
    const framework = state.frameworks.get(frameworkId)
    if (framework?.stream === undefined) {
      for (const allocation of allocations) state.allocator.recover(allocation)
      return
    }
    const offers = allocations.flatMap((allocation) => {
      const agent = state.agents.get(allocation.agentId)
      if (agent === undefined) return []
      const offer = { id: `${state.id}-O${offerCount}`, allocation }
      offerCount += 1
      state.offers.set(offer.id, offer)
      return [describeOffer(framework, agent, offer)]
    })
    framework.stream.send({ type: 'OFFERS', offers: { offers } })
  }

  function nextFrameworkId(): string {
    const id = `${state.id}-${String(frameworkCount).padStart(4, '0')}`
    frameworkCount += 1
    return id
  }

  function withdrawOffers(framework: Framework, isKept?: (role: string) => boolean): void {
    for (const { allocation, id } of state.offers.values()) {
      if (allocation.frameworkId !== framework.id || isKept?.(allocation.role) === true) continue
      for (const taken of takeOffers(state, framework.id, [id])) state.allocator.recover(taken)
      if (isKept !== undefined) {
        framework.stream?.send({ type: 'RESCIND', rescind: { offerId: { value: id } } })
      }
    }
  }

  function findSubscribeError(info: FrameworkInfo, suppressed: readonly string[]) {
    const id = info.id?.value ?? ''
    if (completed.has(id)) return 'Framework has been removed'
    const known = state.frameworks.get(id)?.info
    const isPrincipalChanged = known !== undefined && known.principal !== info.principal
    return (
      findFrameworkError(info, suppressed) ??
      (isPrincipalChanged ? "Changing framework's principal is not allowed." : undefined)
    )
  }

  function connect(info: FrameworkInfo, { stream, streamId }: Subscription): Framework {
    const id = (info.id?.value ?? '') === '' ? nextFrameworkId() : (info.id?.value ?? '')
    const known = state.frameworks.get(id)
    const framework = known ?? newFramework(id, info)
    if (known !== undefined) {
      clearTimeout(known.failoverTimer)
      known.stream?.send({ type: 'ERROR', error: { message: 'Framework failed over' } })
      known.stream?.end()
      withdrawOffers(known)
    }
    // What Mesos does not let a framework change, it ignores here.
    const { checkpoint, user } = framework.info
    framework.info = {
      ...info,
      ...(checkpoint === undefined ? {} : { checkpoint }),
      user,
      id: { value: id },
    }
    framework.stream = stream
    framework.streamId = streamId
    state.frameworks.set(id, framework)
    return framework
  }

  function remove(framework: Framework): void {
    clearTimeout(framework.failoverTimer)
    state.frameworks.delete(framework.id)
    completed.add(framework.id)
    for (const oldest of [...completed].slice(0, completed.size - MAX_COMPLETED)) {
      completed.delete(oldest)
    }
    framework.stream?.end()
    framework.stream = undefined
    withdrawOffers(framework)
    for (const agent of state.agents.values()) agent.link.shutdownFramework(framework.id)
    for (const task of framework.tasks.values()) release(task)
    for (const executors of framework.executors.values()) {
      for (const { allocation } of executors.values()) state.allocator.recover(allocation)
    }
    state.allocator.removeFramework(framework.id)
  }

  function release(task: MasterTask): void {
    if (task.isReleased) return
    task.isReleased = true
    state.allocator.recover(task.allocation)
  }

  function acknowledge(framework: Framework, taskId: string, agentId: string, uuid: string): void {
    const task = framework.tasks.get(taskId)
    state.agents.get(agentId)?.link.acknowledge(framework.id, taskId, uuid)
    const { lastUpdate } = task ?? {}
    if (lastUpdate?.uuid === uuid && isTerminal(lastUpdate.state)) {
      framework.tasks.delete(taskId)
    }
  }

  function kill(framework: Framework, call: Extract<SchedulerCall, { type: 'KILL' }>): void {
    const { agentId, killPolicy, taskId } = call.kill
    const task = framework.tasks.get(taskId.value)
    if (task === undefined) {
      sendStatuses(framework, reconcileTasks(state, framework, [call.kill]))
    } else if (agentId === undefined || agentId.value === task.agentId) {
      const agent = state.agents.get(task.agentId)
      agent?.link.killTask(framework.id, taskId.value, killPolicy)
    }
  }

  function updateFramework(
    framework: Framework,
    {
      frameworkInfo,
      suppressedRoles,
    }: Extract<SchedulerCall, { type: 'UPDATE_FRAMEWORK' }>['updateFramework'],
  ): Answer {
    const invalid = findFrameworkError(frameworkInfo)
    if (invalid !== undefined) {
      return badRequest(`Supplied FrameworkInfo is not valid: ${invalid}`)
    }
    const unchangeable = findUpdateError(framework.info, frameworkInfo)
    if (unchangeable !== undefined) {
      return badRequest(`FrameworkInfo update is not valid: ${unchangeable}`)
    }
    const unsuppressible = findFrameworkError(frameworkInfo, suppressedRoles)
    if (unsuppressible !== undefined) {
      return badRequest(`'UpdateFramework' call is not valid: ${unsuppressible}`)
    }
    framework.info = frameworkInfo
    const roles = rolesOf(frameworkInfo)
    state.allocator.putFramework(framework.id, roles, suppressedRoles ?? [])
    withdrawOffers(framework, (role) => roles.includes(role))
    return { status: 200 }
  }

  function decline(framework: Framework, call: Extract<SchedulerCall, { type: 'DECLINE' }>): void {
    const ids = (call.decline.offerIds ?? []).map(({ value }) => value)
    for (const allocation of takeOffers(state, framework.id, ids)) {
      state.allocator.recover(allocation, { filters: call.decline.filters })
    }
  }

  return {
    state,
    info: options.info,
    addAgent(link) {
      const id = link.info.id?.value ?? ''
      const total = amountsOf(link.info.resources)
      state.agents.set(id, { id, link, total })
      state.allocator.addAgent(id, total)
    },
    subscribe({ subscribe }, subscription) {
      const { frameworkInfo, suppressedRoles = [] } = subscribe
      const error = findSubscribeError(frameworkInfo, suppressedRoles)
      if (error !== undefined) {
        subscription.stream.send({ type: 'ERROR', error: { message: error } })
        subscription.stream.end()
        return
      }
      const framework = connect(frameworkInfo, subscription)
      subscription.stream.send({
        type: 'SUBSCRIBED',
        subscribed: {
          frameworkId: { value: framework.id },
          heartbeatIntervalSeconds: options.heartbeatIntervalSeconds,
          masterInfo: options.info,
        },
      })
      subscription.stream.send({ type: 'HEARTBEAT' })
      state.allocator.putFramework(framework.id, rolesOf(framework.info), suppressedRoles)
      for (const { link } of state.agents.values()) link.resendUpdates(framework.id)
    },
    disconnect(streamId) {
      const framework = [...state.frameworks.values()].find((each) => each.streamId === streamId)
      if (framework === undefined) return
      framework.stream = undefined
      state.allocator.setActive(framework.id, false)
      withdrawOffers(framework)
      const timeoutMs = (framework.info.failoverTimeout ?? 0) * 1000
      if (timeoutMs > MAX_TIMER_MS) return
      framework.failoverTimer = setTimeout(() => remove(framework), Math.max(0, timeoutMs))
    },
    handle(framework, call) {
      switch (call.type) {
        case 'TEARDOWN':
          remove(framework)
          break
        case 'ACCEPT':
          acceptOffers(state, framework, call.accept)
          break
        case 'DECLINE':
          decline(framework, call)
          break
        case 'REVIVE':
          state.allocator.revive(framework.id, call.revive?.roles ?? [])
          break
        case 'SUPPRESS':
          state.allocator.suppress(framework.id, call.suppress?.roles ?? [])
          break
        case 'KILL':
          kill(framework, call)
          break
        case 'SHUTDOWN':
          state.agents
            .get(call.shutdown.agentId.value)
            ?.link.shutdownExecutor(framework.id, call.shutdown.executorId.value)
          break
        case 'ACKNOWLEDGE': {
          const { agentId, taskId, uuid } = call.acknowledge
          acknowledge(framework, taskId.value, agentId.value, uuid)
          break
        }
        case 'RECONCILE':
          sendStatuses(framework, reconcileTasks(state, framework, call.reconcile.tasks ?? []))
          break
        case 'RECONCILE_OPERATIONS':
          for (const status of reconcileOperations(
            state,
            call.reconcileOperations.operations ?? [],
          )) {
            const updateOperationStatus = { status }
            framework.stream?.send({ type: 'UPDATE_OPERATION_STATUS', updateOperationStatus })
          }
          break
        case 'MESSAGE':
          state.agents
            .get(call.message.agentId.value)
            ?.link.sendMessage(framework.id, call.message.executorId.value, call.message.data)
          break
        case 'UPDATE_FRAMEWORK':
          return updateFramework(framework, call.updateFramework)
        case 'UNKNOWN':
          return { status: 501 }
        default:
          // Inverse offers, operation acknowledgements and requests: accepted; there is nothing to act on.
          break
      }
      return ACCEPTED
    },
    updateStatus(frameworkId, status, latest) {
      const framework = state.frameworks.get(frameworkId)
      const task = framework?.tasks.get(status.taskId.value)
      if (task !== undefined) {
        task.state = latest.state
        task.lastUpdate = status
        if (isTerminal(latest.state)) release(task)
      }
      framework?.stream?.send({ type: 'UPDATE', update: { status } })
    },
    reportExecutorExit(frameworkId, agentId, executorId, waitStatus) {
      const framework = state.frameworks.get(frameworkId)
      const executor = framework?.executors.get(agentId)?.get(executorId)
      if (framework === undefined || executor === undefined) return
      framework.executors.get(agentId)?.delete(executorId)
      state.allocator.recover(executor.allocation)
      framework.stream?.send({
        type: 'FAILURE',
        failure: {
          agentId: { value: agentId },
          executorId: { value: executorId },
          status: waitStatus,
        },
      })
    },
    sendMessage(frameworkId, agentId, executorId, data) {
      state.frameworks.get(frameworkId)?.stream?.send({
        type: 'MESSAGE',
        message: { agentId: { value: agentId }, executorId: { value: executorId }, data },
      })
    },
    close() {
      clearInterval(heartbeat)
      state.allocator.close()
      for (const framework of state.frameworks.values()) {
        clearTimeout(framework.failoverTimer)
        framework.stream?.end()
      }
    },
  }
}

function newFramework(id: string, info: FrameworkInfo): Framework {
  return {
    id,
    info,
    stream: undefined,
    streamId: randomUUID(),
    registeredAt: nowSeconds(),
    tasks: new Map(),
    executors: new Map(),
    failoverTimer: undefined,
  }
}

function sendStatuses(framework: Framework, statuses: readonly TaskStatus[]): void {
  for (const status of statuses) framework.stream?.send({ type: 'UPDATE', update: { status } })
}
