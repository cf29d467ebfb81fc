/** Which agents need a Node.js, and which of them are served by the jar server. */
import type { Delivery, RuntimeDelivery, RuntimeShipment } from '../../../domain/tasks/executors.ts'
import type { ExecutorPlan } from '../../../domain/tasks/executors.ts'
import { emptyMap, setIn } from '../../../domain/persistent-map.ts'
import { requestedPlatform } from '../../../domain/runtimes/platforms.ts'
import type { Platform } from '../../../domain/runtimes/platforms.ts'
import type { MesosFailure } from '../connection/events.ts'

/** The jar server serves a Node.js for this platform. */
export interface RuntimePrepared {
  readonly type: 'runtime.prepared'
  readonly platform: Platform
  /** Such as `24.22.3`. */
  readonly version: string
  /** Of its archive. */
  readonly sizeBytes: number
  /** The executor whose fetcher brings it. */
  readonly executor: ExecutorPlan
}

/** No Node.js can be shipped for this platform. */
export interface RuntimeFailed {
  readonly type: 'runtime.failed'
  readonly platform: Platform
  readonly code: string
  readonly message: string
}

export type RuntimeFact =
  /** An agent has no Node.js that fits: it gets one. */
  | { readonly type: 'runtime.needed'; readonly agentId: string; readonly platform: Platform }
  | (Omit<RuntimePrepared, 'executor' | 'type'> & { readonly type: 'runtime.served' })
  | (Omit<RuntimeFailed, 'type'> & { readonly type: 'runtime.unavailable' })

/** Sent to the scheduler: this executor found no Node.js, and its agent gets one. */
export interface RuntimeAwaited {
  readonly type: 'runtime.awaited'
  readonly agentId: string
  readonly executorId: string
}

/** The platform whose Node.js an ended executor asks for, and where it ended. */
export interface RuntimeRequest {
  readonly platform: Platform
  readonly agentId: string
  readonly executorId: string
}

/** Undefined unless the executor ended because it found no Node.js, and one may be shipped. */
export function runtimeRequestOf(
  delivery: Delivery | undefined,
  { agentId, executorId, status = 0 }: MesosFailure,
): RuntimeRequest | undefined {
  const platform = (status & 0x7f) === 0 ? requestedPlatform(status >> 8) : undefined
  if (platform === undefined || agentId === undefined || executorId === undefined) return undefined
  if (delivery?.executor?.asksFor?.includes(platform) !== true) return undefined
  return { platform, agentId: agentId.value, executorId: executorId.value }
}

export function shipmentOf(
  { runtimes }: Delivery,
  platform: Platform,
): RuntimeShipment | undefined {
  return runtimes?.shipments[platform]
}

export function withAgent(
  delivery: Delivery,
  { agentId, platform }: Pick<RuntimeRequest, 'agentId' | 'platform'>,
): Delivery {
  const { agents, shipments } = delivery.runtimes ?? noRuntimes
  return { ...delivery, runtimes: { agents: setIn(agents, agentId, platform), shipments } }
}

export function withShipment(
  delivery: Delivery,
  platform: Platform,
  shipment: RuntimeShipment,
): Delivery {
  const { agents, shipments } = delivery.runtimes ?? noRuntimes
  return { ...delivery, runtimes: { agents, shipments: { ...shipments, [platform]: shipment } } }
}

const noRuntimes: RuntimeDelivery = { agents: emptyMap(), shipments: {} }
