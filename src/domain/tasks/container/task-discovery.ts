/**
 * What a task tells service discovery, in plain words and as Mesos wants it.
 * Source: mesos.proto, `DiscoveryInfo`; apache/mesos docs/app-framework-development-guide.md,
 * "Service discovery".
 */
import { defined } from '../../../defined.ts'
import type { DiscoveryInfo, Port } from '../../../mesos/types.generated.ts'
import { isRecord } from '../../json.ts'
import { findUnknownField } from '../../unknown-field.ts'
import { isName } from './is-name.ts'
import { isPort } from './task-container-fault.ts'

export interface TaskDiscovery {
  /** Default: the name of the task, else its id. */
  readonly name?: string
  /** Who may find it. Default `cluster`. */
  readonly visibility?: 'framework' | 'cluster' | 'external'
  /** A name stands for the next port of the task that is not named yet, see `resources.ports`. */
  readonly ports?: readonly (string | DiscoveryPort)[]
  readonly labels?: Readonly<Record<string, string>>
}

export interface DiscoveryPort {
  readonly name: string
  /** Default: the next port of the task. */
  readonly number?: number
  readonly protocol?: 'tcp' | 'udp'
}

/** Port 0 stands for the next port of the task. */
export function discoveryInfoOf(discovery: TaskDiscovery, taskName: string): DiscoveryInfo {
  const { name = taskName, visibility = 'cluster', ports, labels } = discovery
  return {
    visibility: visibilities[visibility],
    name,
    ...(ports === undefined ? {} : { ports: { ports: ports.map(portOf) } }),
    ...(labels === undefined
      ? {}
      : { labels: { labels: Object.entries(labels).map(([key, value]) => ({ key, value })) } }),
  }
}

const visibilities = { framework: 'FRAMEWORK', cluster: 'CLUSTER', external: 'EXTERNAL' } as const

function portOf(port: string | DiscoveryPort): Port {
  if (typeof port === 'string') return { number: 0, name: port }
  const { name, number = 0, protocol } = port
  return { number, name, ...defined({ protocol }) }
}

export function findDiscoveryFault(discovery: unknown): string | undefined {
  if (!isRecord(discovery)) return 'discovery must be an object'
  const known = ['name', 'visibility', 'ports', 'labels']
  const unknown = findUnknownField(discovery, known, 'discovery.')
  if (unknown !== undefined) return unknown
  const { name = 'x', visibility = 'cluster', ports = [], labels = {} } = discovery
  if (!isName(name)) return 'discovery.name must be a text'
  if (typeof visibility !== 'string' || !Object.hasOwn(visibilities, visibility))
    return `discovery.visibility must be ${Object.keys(visibilities).join(', ')}`
  if (!isRecord(labels) || !Object.values(labels).every((value) => typeof value === 'string'))
    return 'discovery.labels must be an object of texts'
  if (!Array.isArray(ports)) return 'discovery.ports must be a list of names or { name, number }'
  for (const [index, port] of (ports as readonly unknown[]).entries()) {
    const fault = findPortFault(port, `discovery.ports[${index}]`)
    if (fault !== undefined) return fault
  }
  return undefined
}

function findPortFault(port: unknown, path: string): string | undefined {
  if (isName(port)) return undefined
  if (!isRecord(port) || !isName(port['name'])) return `${path} must be a name or { name, number }`
  const { number = 1, protocol = 'tcp' } = port
  if (!isPort(number)) return `${path}.number must be a port, 1 to 65535`
  if (protocol !== 'tcp' && protocol !== 'udp') return `${path}.protocol must be tcp or udp`
  return findUnknownField(port, ['name', 'number', 'protocol'], `${path}.`)
}
