import { findMesosIdFault } from '../ids.ts'
import { isRecord } from '../json.ts'
import { findUnknownField } from '../unknown-field.ts'

/** What a task or an executor asks for of an agent. */
export interface ResourceRequest {
  /** Three decimals, as in Mesos; more are rounded. */
  readonly cpus?: number
  readonly memMb?: number
  readonly diskMb?: number
  /** Whole ones. */
  readonly gpus?: number
  /** How many ports, any of those offered; or these very ports. The task finds them in PORT0, PORT1 … and PORTS. */
  readonly ports?: number | readonly number[]
  /** Persistence ids of volumes; each is taken whole, and mounted where it was made for. */
  readonly volumes?: readonly string[]
  /** Where there are revocable resources, take those: Mesos may take them back at any time. Default: never. */
  readonly revocable?: boolean
}

const known: Readonly<Record<keyof ResourceRequest, true>> = {
  cpus: true,
  memMb: true,
  diskMb: true,
  gpus: true,
  ports: true,
  volumes: true,
  revocable: true,
}

/** Bounds on what one task may list. */
const maxListed = 1000

/** Why the request cannot be met by any agent, naming the field; undefined when nothing speaks against it. */
export function findRequestFault(request: ResourceRequest): string | undefined {
  if (!isRecord(request)) return 'resources must be an object'
  const unknown = findUnknownField(request, Object.keys(known), 'resources.')
  if (unknown !== undefined) return unknown
  const { cpus, memMb, diskMb, gpus, ports, volumes, revocable } = request
  for (const [name, amount] of Object.entries({ cpus, memMb, diskMb, gpus })) {
    const fault = amount === undefined ? undefined : findAmountFault(amount)
    if (fault !== undefined) return `resources.${name} ${fault}`
  }
  if (gpus !== undefined && !Number.isInteger(gpus)) return 'resources.gpus must be a whole number'
  if (ports !== undefined && !isPorts(ports)) {
    return 'resources.ports must be a whole number, 0 or more, or a list of different ports, 1 to 65535'
  }
  const volumesFault = volumes === undefined ? undefined : findVolumesFault(volumes)
  if (volumesFault !== undefined) return volumesFault
  if (revocable !== undefined && typeof revocable !== 'boolean') {
    return 'resources.revocable must be true or false'
  }
  return undefined
}

function findAmountFault(amount: unknown): string | undefined {
  if (typeof amount !== 'number' || !Number.isFinite(amount) || amount < 0) {
    return 'must be a number, 0 or more'
  }
  return amount > 0 && amount < 0.0005 ? 'must be 0.001 or more: Mesos rounds it to 0' : undefined
}

function isPorts(ports: unknown): boolean {
  if (typeof ports === 'number') return Number.isInteger(ports) && ports >= 0 && ports <= maxListed
  return (
    isListOfDifferent(ports) &&
    ports.every((port) => Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65_535)
  )
}

function findVolumesFault(volumes: unknown): string | undefined {
  if (!isListOfDifferent(volumes))
    return 'resources.volumes must be a list of different persistence ids'
  return volumes
    .map((id, index) => ({ index, fault: findMesosIdFault(id) }))
    .flatMap(({ fault, index }) =>
      fault === undefined ? [] : `resources.volumes[${index}] ${fault}`,
    )
    .at(0)
}

function isListOfDifferent(list: unknown): list is readonly unknown[] {
  return Array.isArray(list) && list.length <= maxListed && new Set(list).size === list.length
}
