/** Mesos data for tests, as small as Mesos allows it to be. */
import type {
  Attribute,
  Offer,
  Resource,
  TaskState,
  TaskStatus,
} from '../../../src/mesos/types.generated.ts'

export function scalar(name: string, value: number): Resource {
  return { name, type: 'SCALAR', scalar: { value } }
}

export function ports(...range: readonly (readonly [begin: number, end: number])[]): Resource {
  const ranges = range.map(([begin, end]) => ({ begin, end }))
  return { name: 'ports', type: 'RANGES', ranges: { range: ranges } }
}

export interface OfferParts {
  readonly agent?: string
  readonly cpus?: number
  readonly memMb?: number
  readonly executorIds?: readonly string[]
  /** As text, or in any other form. */
  readonly attributes?: Readonly<Record<string, string | Omit<Attribute, 'name'>>>
  readonly hostname?: string
  readonly domain?: readonly [region: string, zone: string]
  readonly more?: readonly Resource[]
}

/** An offer of agent `a1` with 2 cpus and 1024 MB, unless said otherwise. */
export function offer(id: string, parts: OfferParts = {}): Offer {
  const { agent = 'a1', cpus = 2, memMb = 1024, executorIds = [], attributes = {} } = parts
  const { hostname = `${agent}.example`, domain, more = [] } = parts
  return {
    id: { value: id },
    frameworkId: { value: 'f1' },
    agentId: { value: agent },
    hostname,
    resources: [scalar('cpus', cpus), scalar('mem', memMb), ...more],
    executorIds: executorIds.map((value) => ({ value })),
    attributes: Object.entries(attributes).map(([name, value]) =>
      typeof value === 'string' ? { name, type: 'TEXT', text: { value } } : { name, ...value },
    ),
    ...(domain === undefined
      ? {}
      : { domain: { faultDomain: { region: { name: domain[0] }, zone: { name: domain[1] } } } }),
  }
}

export function status(
  taskId: string,
  state: TaskState,
  more: Partial<TaskStatus> = {},
): TaskStatus {
  return { taskId: { value: taskId }, state, ...more }
}
