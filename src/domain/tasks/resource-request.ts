import { findMesosIdFault } from '../ids.ts'
import { isRecord } from '../json.ts'
import { findUnknownField } from '../unknown-field.ts'

/** Resources that a task or an executor needs on an agent. */
export interface ResourceRequest {
  /** Rounded to three decimals, as in Mesos. */
  readonly cpus?: number
  readonly memMb?: number
  readonly diskMb?: number
  /** Whole GPUs. */
  readonly gpus?: number
  /**
   * A number of ports, or a list of exact ports. The task finds them in PORT0, PORT1 … and PORTS.
   */
  readonly ports?: number | readonly number[]
  /** Persistence ids of volumes. Each is used whole, and mounted at its own path. */
  readonly volumes?: readonly string[]
  /**
   * Uses revocable resources where offered: Mesos may take them back at any time. Default: false.
   */
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

/** Maximum number of ports or volumes in a list. */
const maxListed = 1000

/** Why no agent could meet the request, naming the field; undefined if one could. */
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
