/** The resources of an agent, as Mesos' `--resources`. */
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
  /** Default none. Agents with GPUs are offered only to frameworks with GPU_RESOURCES. */
  readonly gpus?: number
  /** First and last port, inclusive. Default 31,000 to 32,000. */
  readonly ports?: readonly [number, number]
  /** Additional resources, reserved by role. Default none. */
  readonly reserved?: Readonly<Record<string, ReservedResources>>
}

/** The resources in the order of Mesos' offers. Throws CONFIG_INVALID for invalid ones. */
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
