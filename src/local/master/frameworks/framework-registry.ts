/**
 * Frameworks subscribe, fail over, disconnect, update themselves, and are removed.
 * Source: apache/mesos docs/scheduler-http-api.md, "SUBSCRIBE", "TEARDOWN", "UPDATE_FRAMEWORK";
 * src/master/master.cpp.
 */
import { defined } from '../../../defined.ts'
import type {
  FrameworkInfo,
  MasterInfo,
  SchedulerCallSubscribe,
  SchedulerCallUpdateFramework,
  SchedulerEvent,
} from '../../../mesos/types.generated.ts'
import type { EventStream } from '../../http/event-stream.ts'
import { badRequest } from '../../http/http.ts'
import type { Answer } from '../../http/http.ts'
import { rolesOf } from '../../messages/framework-info.ts'
import { nowSeconds } from '../../time/now.ts'
import { startTimer } from '../../time/timers.ts'
import { rescindOffers, withdrawOffers } from '../offers/offer-book.ts'
import { endStream, newFramework, releaseTask } from '../state/master-state.ts'
import type { Framework, MasterState } from '../state/master-state.ts'
import { completeFramework } from '../state/records.ts'
import { findFrameworkError, findUpdateError } from '../validation/framework-validation.ts'
import { readFrameworkOptions } from './framework-options.ts'
import { countCall, countEvents } from '../state/framework-traffic.ts'

/** The response to a SUBSCRIBE, with its stream open. */
export interface Subscription {
  readonly stream: EventStream<SchedulerEvent>
  readonly streamId: string
}

export interface FrameworkRegistryOptions {
  readonly masterInfo: MasterInfo
  readonly heartbeatIntervalSeconds: number
}

/** Number of removed frameworks that are remembered, to refuse their ids. */
const maxCompleted = 1000

export class FrameworkRegistry {
  readonly #state: MasterState
  readonly #options: FrameworkRegistryOptions

  constructor(state: MasterState, options: FrameworkRegistryOptions) {
    this.#state = state
    this.#options = options
  }

  /** Sends SUBSCRIBED and the first HEARTBEAT, or one ERROR and the end. */
  subscribe(call: SchedulerCallSubscribe, subscription: Subscription): void {
    const refusal = findSubscribeError(this.#state, call)
    const read = refusal === undefined ? readFrameworkOptions(call) : { error: refusal }
    if ('error' in read) {
      subscription.stream.send({ type: 'ERROR', error: { message: read.error } })
      subscription.stream.end()
      return
    }
    const framework = connect(this.#state, call.frameworkInfo, subscription)
    countCall(framework.traffic, 'SUBSCRIBE')
    this.#greet(framework)
    framework.offerConstraints = call.offerConstraints
    this.#state.allocator.putFramework(framework.id, framework.info, read.options)
    for (const { link } of this.#state.agents.values()) link.resendUpdates(framework.id)
  }

  /** Starts the failover timeout of the framework whose stream broke. */
  disconnect(streamId: string): void {
    const frameworks = [...this.#state.frameworks.values()]
    const framework = frameworks.find((each) => each.streamId === streamId)
    if (framework === undefined) return
    endStream(framework)
    this.#state.allocator.deactivate(framework.id)
    withdrawOffers(this.#state, framework)
    const timeoutMs = (framework.info.failoverTimeout ?? 0) * 1000
    framework.failoverTimer = startTimer(() => this.remove(framework), timeoutMs)
  }

  update(framework: Framework, call: SchedulerCallUpdateFramework): Answer {
    const { frameworkInfo } = call
    const error = findChangeError(framework.info, frameworkInfo)
    if (error !== undefined) return badRequest(error)
    const read = readFrameworkOptions(call)
    if ('error' in read) return badRequest(`'UpdateFramework' call is not valid: ${read.error}`)
    framework.info = frameworkInfo
    framework.offerConstraints = call.offerConstraints
    this.#state.allocator.updateFramework(framework.id, frameworkInfo, read.options)
    rescindOffers(this.#state, framework, rolesOf(frameworkInfo))
    this.#state.watch.frameworkUpdated(framework)
    return { status: 200 }
  }

  /** Ends the framework's stream, executors and tasks. Its id is refused afterwards. */
  remove(framework: Framework): void {
    const state = this.#state
    clearTimeout(framework.failoverTimer)
    state.frameworks.delete(framework.id)
    rememberCompleted(state.completedIds, framework.id)
    endStream(framework)
    withdrawOffers(state, framework)
    for (const { link } of state.agents.values()) link.shutdownFramework(framework.id)
    for (const task of framework.tasks.values()) releaseTask(state, task)
    for (const executors of framework.executors.values()) {
      for (const { allocation } of executors.values()) state.allocator.recover(allocation)
    }
    state.allocator.removeFramework(framework.id)
    completeFramework(state, framework)
  }

  #greet(framework: Framework): void {
    const { heartbeatIntervalSeconds, masterInfo } = this.#options
    const frameworkId = { value: framework.id }
    framework.stream?.send({
      type: 'SUBSCRIBED',
      subscribed: { frameworkId, heartbeatIntervalSeconds, masterInfo },
    })
    framework.stream?.send({ type: 'HEARTBEAT' })
    framework.heartbeatTimer = setInterval(() => {
      framework.stream?.send({ type: 'HEARTBEAT' })
    }, heartbeatIntervalSeconds * 1000)
  }
}

function findSubscribeError(
  state: MasterState,
  { frameworkInfo }: SchedulerCallSubscribe,
): string | undefined {
  const id = frameworkInfo.id?.value ?? ''
  if (state.completedIds.has(id)) return 'Framework has been removed'
  const known = state.frameworks.get(id)?.info
  const isPrincipalChanged = known !== undefined && known.principal !== frameworkInfo.principal
  return (
    findFrameworkError(frameworkInfo) ??
    (isPrincipalChanged ? "Changing framework's principal is not allowed." : undefined)
  )
}

function rememberCompleted(completed: Set<string>, id: string): void {
  completed.add(id)
  const [oldest] = completed
  if (completed.size > maxCompleted && oldest !== undefined) completed.delete(oldest)
}

/** Adds a framework, or ends the old stream of a known one with ERROR and withdraws its offers. */
function connect(
  state: MasterState,
  info: FrameworkInfo,
  { stream, streamId }: Subscription,
): Framework {
  const isKnown = state.frameworks.has(info.id?.value ?? '')
  const framework = findOrCreate(state, info)
  clearTimeout(framework.failoverTimer)
  framework.stream?.send({ type: 'ERROR', error: { message: 'Framework failed over' } })
  endStream(framework)
  withdrawOffers(state, framework)
  framework.info = withUnchangeable(framework, info)
  framework.stream = countEvents(framework.traffic, stream)
  framework.streamId = streamId
  framework.isRecovered = false
  if (isKnown) framework.reregisteredAt = nowSeconds()
  if (isKnown) state.watch.frameworkUpdated(framework)
  else state.watch.frameworkAdded(framework)
  return framework
}

function findOrCreate(state: MasterState, info: FrameworkInfo): Framework {
  const asked = info.id?.value ?? ''
  const known = state.frameworks.get(asked)
  if (known !== undefined) return known
  const framework = newFramework(asked === '' ? nextFrameworkId(state) : asked, info)
  state.frameworks.set(framework.id, framework)
  return framework
}

function nextFrameworkId(state: MasterState): string {
  const id = `${state.id}-${String(state.counters.frameworks).padStart(4, '0')}`
  state.counters.frameworks += 1
  return id
}

/**
 * Ignores a changed user or checkpoint flag of a framework that subscribes again, as Mesos does.
 */
function withUnchangeable({ id, info: before }: Framework, info: FrameworkInfo): FrameworkInfo {
  const { checkpoint: _ignored, ...rest } = info
  const checkpoint = defined({ checkpoint: before.checkpoint })
  return { ...rest, ...checkpoint, user: before.user, id: { value: id } }
}

function findChangeError(before: FrameworkInfo, after: FrameworkInfo): string | undefined {
  const invalid = findFrameworkError(after)
  if (invalid !== undefined) return `Supplied FrameworkInfo is not valid: ${invalid}`
  const unchangeable = findUpdateError(before, after)
  return unchangeable && `FrameworkInfo update is not valid: ${unchangeable}`
}
