/** The options of a task that stand for fields of Mesos, checked and put in their form. */
import { containerInfoOf } from './container/task-container.ts'
import type { PortMapping } from './container/task-container.ts'
import { findTaskContainerFault } from './container/task-container-fault.ts'
import { discoveryInfoOf, findDiscoveryFault } from './container/task-discovery.ts'
import { findSecretsFault } from './container/task-secrets.ts'
import type { MesosFields } from './mesos-fields.ts'
import type { TaskRequest } from './task-request.ts'

/** All that a task passes to Mesos: its `mesos`, and what its plain options stand for. */
export function passedFields(request: TaskRequest): MesosFields {
  const { id, name = id, mesos = {}, container, discovery } = request
  return {
    ...mesos,
    ...(container !== undefined && { container: containerInfoOf(container) }),
    ...(discovery !== undefined && { discovery: discoveryInfoOf(discovery, name) }),
  }
}

/** Why these options cannot be; undefined if they can. `resources` are checked already. */
export function findPlainFault(request: TaskRequest): string | undefined {
  const { container, discovery, secrets, environment, mesos = {} } = request
  const twice = (['container', 'discovery'] as const).find((name) => {
    return request[name] !== undefined && mesos[name] !== undefined
  })
  if (twice !== undefined)
    return `${twice} and mesos.${twice} are both given: leave one of them out`
  return (
    (container && findTaskContainerFault(container)) ??
    (discovery && findDiscoveryFault(discovery)) ??
    (secrets && findSecretsFault(secrets, environment)) ??
    findPortFault(request)
  )
}

/** Ports are named in order: there must be one for each. Given host ports must be the task's. */
function findPortFault(request: TaskRequest): string | undefined {
  const { container: { portMappings = [] } = {}, discovery: { ports: named = [] } = {} } = request
  const { resources: { ports = 0 } = {} } = request
  const count = typeof ports === 'number' ? ports : ports.length
  const unnumbered = named.filter((port) => typeof port === 'string' || !('number' in port))
  const wanted = [
    ['container.portMappings', countHostPorts(portMappings)],
    ['discovery.ports', unnumbered.length],
  ] as const
  const foreign = portMappings.find(({ hostPort }) => {
    return hostPort !== undefined && !(typeof ports !== 'number' && ports.includes(hostPort))
  })
  if (foreign !== undefined)
    return `container.portMappings has hostPort ${foreign.hostPort}, which is not in resources.ports (--ports): add it, or leave hostPort out`
  for (const [option, needed] of wanted)
    if (needed > count)
      return `${option} needs ${needed} of the task's ports, which has ${count}: set resources.ports (--ports)`
  return undefined
}

/** A given host port is one of the task's, too; TCP and UDP may share it. */
function countHostPorts(mappings: readonly PortMapping[]): number {
  const given = mappings.flatMap(({ hostPort }) => hostPort ?? [])
  return mappings.length - given.length + new Set(given).size
}
