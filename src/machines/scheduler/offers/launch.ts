/**
 * Makes the ExecutorInfo and TaskInfo of placements.
 * Nothing in ExecutorInfo belongs to one task, and its id is a hash of the rest: Mesos refuses a
 * different executor under a known id ("ExecutorInfo is not compatible…"), for example one with a
 * new port of the jar server.
 */
import { defined } from '../../../defined.ts'
import { groupBy } from '../../../group-by.ts'
import type {
  DurationInfo,
  ExecutorInfo,
  OfferOperation,
  Resource,
  TaskInfo,
} from '../../../mesos/types.generated.ts'
import { commandOf } from '../../../domain/tasks/command.ts'
import { executorOf, executorsOf } from '../../../domain/tasks/executors.ts'
import type { Delivery, ExecutorNeed } from '../../../domain/tasks/executors.ts'
import type { OfferPlan, Placement } from './matching/offer-matching.ts'
import { passedFields } from '../../../domain/tasks/plain-options.ts'
import { portsOf } from './matching/take-resources.ts'
import { fillPorts, portVariables } from '../../../domain/tasks/task-ports.ts'
import { launchIdOf, resourcesOf } from '../../../domain/tasks/task-request.ts'
import { defaultMaxResultBytes } from '../../../domain/tasks/task-payload.ts'
import type { LibrarySetReference, TaskPayload } from '../../../domain/tasks/task-payload.ts'

/**
 * One LAUNCH for all single tasks that were placed on an offer, and a LAUNCH_GROUP for each group.
 */
export function launchOperations(
  plan: OfferPlan,
  frameworkId: string,
  delivery: Delivery | undefined,
): readonly OfferOperation[] {
  const executors = executorsOf(delivery, plan.offer.agentId.value)
  return unitsOf(plan).map((unit) => {
    const [first] = unit
    const rows = unit.map(({ row }) => row)
    const need = executorOf(executors, rows)
    const executor = need && executorInfo(plan, need, frameworkId)
    const tasks = unit.map((placement) => taskInfo(plan, placement, need, delivery))
    if (first?.row.request.group !== undefined && executor !== undefined) {
      return { type: 'LAUNCH_GROUP', launchGroup: { executor, taskGroup: { tasks } } }
    }
    const taskInfos = executor === undefined ? tasks : tasks.map((task) => ({ ...task, executor }))
    return { type: 'LAUNCH', launch: { taskInfos } }
  })
}

/** The launch ids in these operations. */
export function launchIdsOf(operations: readonly OfferOperation[]): readonly string[] {
  return operations
    .flatMap((operation) => {
      if (operation.type === 'LAUNCH') return operation.launch.taskInfos ?? []
      return operation.type === 'LAUNCH_GROUP' ? (operation.launchGroup.taskGroup.tasks ?? []) : []
    })
    .map(({ taskId }) => taskId.value)
}

/** All single tasks together, then each group. */
function unitsOf({ placements }: OfferPlan): readonly (readonly Placement[])[] {
  return [...groupBy(placements, ({ row }) => row.request.group).values()]
}

function taskInfo(
  { offer }: OfferPlan,
  placement: Placement,
  executor: ExecutorNeed | undefined,
  delivery: Delivery | undefined,
): TaskInfo {
  const { row, resources } = placement
  const { request, attempt } = row
  const { killGraceMs, maxCompletionMs } = request
  const ports = portsOf(resources, resourcesOf(request))
  const { command: _, ...passed } = fillPorts(passedFields(request), ports)
  return {
    name: request.name ?? request.id,
    taskId: { value: launchIdOf(request.id, attempt) },
    agentId: offer.agentId,
    resources,
    ...(executor?.plan === undefined
      ? { command: commandOf(request, ports, delivery?.fetched) }
      : { data: payloadOf(placement, ports, delivery) }),
    ...passed,
    ...(killGraceMs !== undefined && { killPolicy: { gracePeriod: toDuration(killGraceMs) } }),
    ...(maxCompletionMs !== undefined && { maxCompletionTime: toDuration(maxCompletionMs) }),
  }
}

function executorInfo(plan: OfferPlan, need: ExecutorNeed, frameworkId: string): ExecutorInfo {
  const head = {
    executorId: { value: need.executorId },
    frameworkId: { value: frameworkId },
    resources: executorResources(plan, need),
  }
  if (need.plan === undefined) return { type: 'DEFAULT', ...head }
  const { command, name, shutdownGraceMs, container } = need.plan
  return {
    type: 'CUSTOM',
    ...head,
    name,
    command,
    ...defined({ container }),
    ...(shutdownGraceMs !== undefined && { shutdownGracePeriod: toDuration(shutdownGraceMs) }),
  }
}

/**
 * The resources of the executor in the form of the offer. For an executor that already runs on the
 * agent, nothing was taken from the offer; its info must equal the first one, so the resources are
 * built again.
 */
function executorResources(plan: OfferPlan, need: ExecutorNeed): readonly Resource[] {
  const taken = plan.executorResources[need.executorId]
  if (taken !== undefined) return taken
  const { cpus = 0, memMb = 0, diskMb = 0 } = need.resources
  const allocation = plan.offer.allocationInfo
  return Object.entries({ cpus, mem: memMb, disk: diskMb })
    .filter(([, value]) => value > 0)
    .map(([name, value]) => ({
      name,
      type: 'SCALAR',
      scalar: { value },
      ...defined({ allocationInfo: allocation }),
    }))
}

function payloadOf(
  { row: { request, librarySetId } }: Placement,
  ports: readonly number[],
  delivery: Delivery | undefined,
): string {
  const environment = { ...request.environment, ...portVariables(ports) }
  const payload: TaskPayload = {
    version: 1,
    work: request.work,
    ...(delivery?.librarySet && { librarySet: setOf(delivery.librarySet, librarySetId) }),
    maxResultBytes: request.maxResultBytes ?? defaultMaxResultBytes,
    ...(Object.keys(environment).length === 0 ? {} : { environment }),
  }
  return Buffer.from(JSON.stringify(payload)).toString('base64')
}

/**
 * The set of a task. Its manifest is in the same folder as that of the set at the start of the jar
 * server.
 */
function setOf(first: LibrarySetReference, id = first.id): LibrarySetReference {
  if (id === first.id) return first
  return { id, manifestUri: new URL(`${id}.json`, first.manifestUri).href }
}

function toDuration(ms: number): DurationInfo {
  return { nanoseconds: Math.round(ms * 1_000_000) }
}
