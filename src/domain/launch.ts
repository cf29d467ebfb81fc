/**
 * From a placement to what Mesos is sent: ExecutorInfo and TaskInfo.
 * Nothing in ExecutorInfo belongs to one task, and its id is a hash of the rest: Mesos refuses another executor
 * under a known id ("ExecutorInfo is not compatible…"), which is what a jar server on a new port would make of it.
 */
import { createHash } from 'node:crypto'
import type {
  CommandInfo,
  ExecutorInfo,
  OfferOperation,
  Resource,
  TaskInfo,
} from '../mesos/types.generated.ts'
import type { OfferPlan, Placement } from './offer-matching.ts'
import type { ResourceRequest } from './resources.ts'
import { commandOf, launchIdOf } from './task-request.ts'
import { defaultMaxResultBytes } from './task-work.ts'
import type { LibrarySetReference, TaskPayload } from './task-work.ts'

/** How the executor of a framework is started; plain data, the same for every task. */
export interface ExecutorPlan {
  readonly command: CommandInfo
  readonly resources: ResourceRequest
  /** Shown by Mesos. */
  readonly name: string
  readonly shutdownGraceMs?: number
}

/** What the jar server offers once it listens: all that launching needs to know of it. */
export interface Delivery {
  readonly executor: ExecutorPlan
  readonly librarySet?: LibrarySetReference
}

/** `jarcast-` and the first 16 hex digits of the plan's SHA-256. */
export function executorIdOf(plan: ExecutorPlan): string {
  const hash = createHash('sha256').update(JSON.stringify(plan)).digest('hex')
  return `jarcast-${hash.slice(0, 16)}`
}

/** One LAUNCH operation for everything that was placed on an offer. */
export function launchOperation(
  plan: OfferPlan,
  frameworkId: string,
  delivery: Delivery | undefined,
): OfferOperation {
  const executor =
    delivery === undefined
      ? undefined
      : executorInfo(delivery.executor, frameworkId, executorResources(plan, delivery))
  return {
    type: 'LAUNCH',
    launch: {
      taskInfos: plan.placements.map((placement) => taskInfo(plan, placement, executor, delivery)),
    },
  }
}

function taskInfo(
  { offer }: OfferPlan,
  { row, resources }: Placement,
  executor: ExecutorInfo | undefined,
  delivery: Delivery | undefined,
): TaskInfo {
  const { request, attempt } = row
  const command = executor === undefined ? commandOf(request.work) : undefined
  return {
    name: request.name ?? request.id,
    taskId: { value: launchIdOf(request.id, attempt) },
    agentId: offer.agentId,
    resources: [...resources],
    ...(executor === undefined ? {} : { executor, data: payloadOf(row, delivery) }),
    ...(command === undefined ? {} : { command }),
    ...(request.killGraceMs === undefined
      ? {}
      : { killPolicy: { gracePeriod: { nanoseconds: request.killGraceMs * 1_000_000 } } }),
  }
}

function executorInfo(
  plan: ExecutorPlan,
  frameworkId: string,
  resources: readonly Resource[],
): ExecutorInfo {
  const { command, name, shutdownGraceMs } = plan
  return {
    type: 'CUSTOM',
    executorId: { value: executorIdOf(plan) },
    frameworkId: { value: frameworkId },
    name,
    command,
    resources: [...resources],
    ...(shutdownGraceMs === undefined
      ? {}
      : { shutdownGracePeriod: { nanoseconds: shutdownGraceMs * 1_000_000 } }),
  }
}

/**
 * The executor's resources in the offer's own form. On an agent where it runs already nothing was taken for it,
 * but its info must equal the one it was started with, so they are written out again.
 */
function executorResources(plan: OfferPlan, { executor }: Delivery): readonly Resource[] {
  if (plan.executorResources.length > 0) return plan.executorResources
  const { cpus = 0, memMb = 0 } = executor.resources
  const allocation = plan.offer.allocationInfo
  return [
    { name: 'cpus', value: cpus },
    { name: 'mem', value: memMb },
  ]
    .filter(({ value }) => value > 0)
    .map(({ name, value }) => ({
      name,
      type: 'SCALAR',
      scalar: { value },
      ...(allocation === undefined ? {} : { allocationInfo: allocation }),
    }))
}

function payloadOf({ request }: Placement['row'], delivery: Delivery | undefined): string {
  const payload: TaskPayload = {
    version: 1,
    work: request.work,
    ...(delivery?.librarySet === undefined ? {} : { librarySet: delivery.librarySet }),
    maxResultBytes: request.maxResultBytes ?? defaultMaxResultBytes,
  }
  return Buffer.from(JSON.stringify(payload)).toString('base64')
}
