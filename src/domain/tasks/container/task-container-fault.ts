/** Why a container in plain words cannot be: what Mesos or an agent would refuse. */
import { isRecord } from '../../json.ts'
import { findUnknownField } from '../../unknown-field.ts'
import { isName } from './is-name.ts'
import { dockerNetwork } from './task-container.ts'
import type { ContainerVolume, PortMapping, TaskContainer } from './task-container.ts'
import { findSecretFault } from './task-secrets.ts'

const known: Readonly<Record<keyof TaskContainer, true>> = {
  image: true,
  containerizer: true,
  networks: true,
  portMappings: true,
  volumes: true,
  forcePull: true,
  privileged: true,
  hostname: true,
}
const isShortName = (value: unknown) => isName(value) && value.length <= 255
const isBoolean = (value: unknown) => typeof value === 'boolean'
const isList = (value: unknown) => Array.isArray(value)

const forms: readonly (readonly [keyof TaskContainer, (value: unknown) => boolean, string])[] = [
  ['image', (value) => isShortName(value) && !/\s/.test(String(value)), 'the name of an image'],
  ['containerizer', (value) => value === 'mesos' || value === 'docker', 'mesos or docker'],
  ['networks', (value) => isList(value) && value.every(isShortName), 'a list of names'],
  ['portMappings', isList, 'a list of { containerPort, hostPort, protocol }'],
  ['volumes', isList, 'a list of { containerPath, … }'],
  ['forcePull', isBoolean, 'true or false'],
  ['privileged', isBoolean, 'true or false'],
  ['hostname', isShortName, 'a text'],
]

/** `path`: where the container is given, such as `container` or `executor.container`. */
export function findTaskContainerFault(container: unknown, path = 'container'): string | undefined {
  if (!isRecord(container)) return `${path} must be an object`
  const unknown = findUnknownField(container, Object.keys(known), `${path}.`)
  if (unknown !== undefined) return unknown
  const wrong = forms.find(
    ([name, fits]) => container[name] !== undefined && !fits(container[name]),
  )
  if (wrong !== undefined) return `${path}.${wrong[0]} must be ${wrong[2]}`
  const given = container as TaskContainer
  return (
    findContainerizerFault(given, path) ??
    findPortsFault(given, path) ??
    firstOf(given.volumes, (volume, at) => findVolumeFault(volume, given, `${path}.volumes[${at}]`))
  )
}

function findContainerizerFault(container: TaskContainer, path: string): string | undefined {
  const { containerizer, image, networks = [], privileged } = container
  if (containerizer !== 'docker')
    return privileged === undefined
      ? undefined
      : `${path}.privileged is for Docker: set ${path}.containerizer to docker`
  if (image === undefined)
    return `${path}.image is missing: Docker runs images only; name one (--image), or set ${path}.containerizer to mesos`
  return networks.length > 1
    ? `${path}.networks has ${networks.length} names: a container of Docker joins one`
    : undefined
}

function findPortsFault(container: TaskContainer, path: string): string | undefined {
  const { containerizer, networks: [network] = [], portMappings = [] } = container
  const isOfHost =
    network === undefined ||
    (containerizer === 'docker' && /HOST|NONE/.test(dockerNetwork(network)))
  if (portMappings.length > 0 && isOfHost) {
    const example = containerizer === 'docker' ? 'bridge' : 'a CNI network of the agents'
    return `${path}.portMappings lead into a network of the container's own: name it in ${path}.networks (--network): ${example}`
  }
  return firstOf(portMappings, (mapping, at) =>
    findMappingFault(mapping, `${path}.portMappings[${at}]`),
  )
}

function findMappingFault(mapping: PortMapping, path: string): string | undefined {
  if (!isRecord(mapping)) return `${path} must be an object`
  const unknown = findUnknownField(mapping, ['containerPort', 'hostPort', 'protocol'], `${path}.`)
  if (unknown !== undefined) return unknown
  const { containerPort, hostPort = 1, protocol = 'tcp' } = mapping
  if (!isPort(containerPort)) return `${path}.containerPort must be a port, 1 to 65535`
  if (!isPort(hostPort))
    return `${path}.hostPort must be a port, 1 to 65535; left out, it is the next port of the task`
  return protocol === 'tcp' || protocol === 'udp'
    ? undefined
    : `${path}.protocol must be tcp or udp`
}

const sources = ['hostPath', 'sandboxPath', 'secret', 'dockerVolume'] as const

function findVolumeFault(
  volume: ContainerVolume,
  { containerizer }: TaskContainer,
  path: string,
): string | undefined {
  if (!isRecord(volume)) return `${path} must be an object`
  const unknown = findUnknownField(volume, ['containerPath', 'readOnly', ...sources], `${path}.`)
  if (unknown !== undefined) return unknown
  const { containerPath, hostPath, sandboxPath, secret, dockerVolume } = volume
  if (!isName(containerPath)) return `${path}.containerPath must be a path in the container`
  const given = sources.filter((source) => volume[source] !== undefined)
  if (given.length !== 1)
    return `${path} must have one of ${sources.join(', ')}; it has ${given.join(' and ') || 'none'}`
  if (hostPath !== undefined && !(isName(hostPath) && hostPath.startsWith('/')))
    return `${path}.hostPath must be an absolute path on the agent; for the sandbox use sandboxPath`
  if (sandboxPath !== undefined && !(isName(sandboxPath) && isBelow(sandboxPath)))
    return `${path}.sandboxPath must be a path below the sandbox, without / at its start and ..`
  if (secret !== undefined && containerizer === 'docker')
    return `${path}.secret needs Mesos' containerizer: set containerizer to mesos`
  if (secret !== undefined) return findSecretFault(secret, `${path}.secret`)
  if (dockerVolume === undefined) return undefined
  return isRecord(dockerVolume) && isName(dockerVolume.name)
    ? findUnknownField(dockerVolume, ['name', 'driver'], `${path}.dockerVolume.`)
    : `${path}.dockerVolume.name must be the name of a volume`
}

function isBelow(path: string): boolean {
  return !path.startsWith('/') && !path.split('/').includes('..')
}

export function isPort(port: unknown): boolean {
  return Number.isInteger(port) && (port as number) >= 1 && (port as number) <= 65_535
}

function firstOf<Item>(
  items: readonly Item[] = [],
  find: (item: Item, index: number) => string | undefined,
): string | undefined {
  for (const [index, item] of items.entries()) {
    const fault = find(item, index)
    if (fault !== undefined) return fault
  }
  return undefined
}
