/** What an agent is told to have, as a Mesos agent's `--resources`. */
import { configInvalid } from '../../errors.ts'
import type { Resource } from '../../mesos/types.generated.ts'
import { findMalformed, findResourcesError } from '../resources/resource-validation.ts'

export interface ReservedResources {
  readonly cpus?: number
  readonly memMb?: number
  readonly diskMb?: number
}

export interface AgentResources extends ReservedResources {
  /** Default 2. */
  readonly cpus?: number
  /** Default 4096. */
  readonly memMb?: number
  /** Default 10,000. */
  readonly diskMb?: number
  /** Default none. Agents with some are offered only to frameworks with GPU_RESOURCES. */
  readonly gpus?: number
  /** First and last port, inclusive. Default 31,000 to 32,000. */
  readonly ports?: readonly [number, number]
  /** Beside the others, for one role each and those below it. Default none. */
  readonly reserved?: Readonly<Record<string, ReservedResources>>
}

/** In the order in which Mesos offers them. Throws CONFIG_INVALID for what no agent can have. */
export function resourcesOf({
  cpus = 2,
  diskMb = 10_000,
  gpus,
  memMb = 4096,
  ports = [31_000, 32_000],
  reserved = {},
}: AgentResources): Resource[] {
  const [begin, end] = ports
  const resources: Resource[] = [
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin, end }] } },
    ...scalars({ cpus, memMb, diskMb }),
    ...(gpus === undefined ? [] : [scalar('gpus', gpus)]),
    ...Object.entries(reserved).flatMap(([role, of]) =>
      scalars(of).map((resource) => ({
        ...resource,
        reservations: [{ type: 'STATIC', role }] as const,
      })),
    ),
  ]
  const error = findMalformed(resources) ?? findResourcesError(resources)
  if (error === undefined) return resources
  throw configInvalid('agentResources', `agentResources: ${error}`)
}

function scalars({ cpus, diskMb, memMb }: ReservedResources): Resource[] {
  const amounts = { cpus, mem: memMb, disk: diskMb }
  return Object.entries(amounts).flatMap(([name, value]) =>
    value === undefined ? [] : [scalar(name, value)],
  )
}

function scalar(name: string, value: number): Resource {
  return { name, type: 'SCALAR', scalar: { value } }
}
