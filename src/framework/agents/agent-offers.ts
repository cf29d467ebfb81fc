/**
 * The free resources of agents as offers, from the answer of a master to `/slaves`.
 * Source: apache/mesos docs/endpoints/master/slaves.md; src/master/http.cpp.
 */
import { defined } from '../../defined.ts'
import { isRecord } from '../../domain/json.ts'
import { takePorts, takeScalar } from '../../machines/scheduler/offers/matching/take-resources.ts'
import type { Attribute, Offer, Resource } from '../../mesos/types.generated.ts'

/** Maximum number of agents that are looked at. */
const maxAgents = 10_000

/** An offer for each active agent with all that `roles` could get of it now. Skips what is no agent. */
export function offersOfAgents(answer: unknown, roles: readonly string[]): readonly Offer[] {
  const agents = isRecord(answer) && Array.isArray(answer['slaves']) ? answer['slaves'] : []
  return agents.slice(0, maxAgents).flatMap((agent: unknown) => {
    if (!isRecord(agent) || agent['active'] === false) return []
    const { id, hostname } = agent
    if (typeof id !== 'string' || typeof hostname !== 'string') return []
    const domain = agent['domain']
    return {
      id: { value: id },
      frameworkId: { value: '' },
      agentId: { value: id },
      hostname,
      resources: freeResources(agent, roles),
      attributes: attributesOf(agent['attributes']),
      ...defined({ domain: isRecord(domain) ? domainOf(domain) : undefined }),
    }
  })
}

function freeResources(
  agent: Readonly<Record<string, unknown>>,
  roles: readonly string[],
): readonly Resource[] {
  const reserved = agent['reserved_resources_full']
  const ofRoles = isRecord(reserved) ? roles.flatMap((role) => resourcesIn(reserved[role])) : []
  const total = [...resourcesIn(agent['unreserved_resources_full']), ...ofRoles]
  return resourcesIn(agent['used_resources_full'])
    .filter((used) => used.revocable === undefined && isFor(used, roles))
    .reduce(without, total)
}

/** What is used of a reservation for others is not in what the roles could get. */
function isFor({ reservations = [], role = '*' }: Resource, roles: readonly string[]): boolean {
  const owner = reservations.at(-1)?.role ?? role
  return owner === '*' || roles.includes(owner)
}

function without(resources: readonly Resource[], used: Resource): readonly Resource[] {
  const { name, scalar } = used
  if (scalar !== undefined) {
    const taking = takeScalar(resources, name, scalar.value)
    // More is used than there is, for example after the agent was given less: nothing is free.
    return taking?.rest ?? resources.filter((one) => one.name !== name)
  }
  if (name !== 'ports') return resources
  const ports = (used.ranges?.range ?? []).flatMap(({ begin, end }) => {
    const length = Math.min(65_536, Number(end) - Number(begin) + 1)
    return Array.from({ length: Math.max(0, length) }, (_, index) => Number(begin) + index)
  })
  return takePorts(resources, ports)?.rest ?? resources
}

function resourcesIn(list: unknown): readonly Resource[] {
  if (!Array.isArray(list)) return []
  return list.filter((one): one is Resource => isRecord(one) && isResource(one))
}

function isResource({ name, scalar, ranges }: Readonly<Record<string, unknown>>): boolean {
  if (typeof name !== 'string') return false
  if (isRecord(scalar)) return typeof scalar['value'] === 'number'
  return isRecord(ranges) && Array.isArray(ranges['range'])
}

/** Numbers are scalars; texts in braces are sets, those in brackets ranges. */
function attributesOf(attributes: unknown): readonly Attribute[] {
  if (!isRecord(attributes)) return []
  return Object.entries(attributes).map(([name, value]): Attribute => {
    if (typeof value === 'number') return { name, type: 'SCALAR', scalar: { value } }
    const text = String(value)
    const [, items] = /^\{(.*)\}$/.exec(text) ?? []
    if (items !== undefined) return { name, type: 'SET', set: { item: items.split(/,\s*/) } }
    const ranges = [...text.matchAll(/(\d+)-(\d+)/g)]
    if (/^\[.*\]$/.test(text) && ranges.length > 0)
      return {
        name,
        type: 'RANGES',
        ranges: {
          range: ranges.map(([, begin, end]) => ({ begin: Number(begin), end: Number(end) })),
        },
      }
    return { name, type: 'TEXT', text: { value: text } }
  })
}

function domainOf(domain: Readonly<Record<string, unknown>>): Offer['domain'] {
  const fault = domain['fault_domain']
  const nameOf = (part: unknown): string =>
    isRecord(part) && typeof part['name'] === 'string' ? part['name'] : ''
  if (!isRecord(fault)) return undefined
  return {
    faultDomain: {
      region: { name: nameOf(fault['region']) },
      zone: { name: nameOf(fault['zone']) },
    },
  }
}
