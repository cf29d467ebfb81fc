/**
 * Why Mesos would refuse a ContainerInfo or the variables of a command.
 * Source: apache/mesos src/common/validation.cpp (validateContainerInfo, validateEnvironment).
 */
import type {
  CommandInfo,
  ContainerInfo,
  Volume,
  VolumeSource,
} from '../../../mesos/types.generated.ts'

/** `path`: where it is given, such as `mesos.container`. */
export function findContainerFault(container: ContainerInfo, path: string): string | undefined {
  const { type, docker, volumes = [] } = container
  for (const [index, volume] of volumes.entries()) {
    const fault = findVolumeFault(volume, `${path}.volumes[${index}]`)
    if (fault !== undefined) return fault
  }
  if (type !== 'DOCKER') return undefined
  if (docker === undefined) return `${path}.docker is missing: its type is DOCKER`
  return (docker.parameters ?? []).some(({ key }) => key === 'name')
    ? `${path}.docker.parameters must not have name: Mesos names its containers itself`
    : undefined
}

const fields: Readonly<Record<string, keyof VolumeSource>> = {
  DOCKER_VOLUME: 'dockerVolume',
  HOST_PATH: 'hostPath',
  SANDBOX_PATH: 'sandboxPath',
  SECRET: 'secret',
  CSI_VOLUME: 'csiVolume',
}

function findVolumeFault(volume: Volume, path: string): string | undefined {
  const { source } = volume
  const given = (['hostPath', 'image', 'source'] as const).filter(
    (one) => volume[one] !== undefined,
  )
  if (given.length !== 1)
    return `${path} must have one of hostPath, image and source; it has ${given.join(' and ') || 'none'}`
  if (source === undefined) return undefined
  const field = fields[source.type ?? '']
  if (field === undefined)
    return `${path}.source.type must be one of ${Object.keys(fields).join(', ')}`
  return source[field] === undefined
    ? `${path}.source.${field} is missing: its type is ${source.type}`
    : undefined
}

/** A variable has a value, or a secret and type SECRET. */
export function findVariablesFault({ environment }: CommandInfo, path: string): string | undefined {
  for (const { name, type = 'VALUE', value, secret } of environment?.variables ?? []) {
    const of = `${path}.environment: ${name}`
    if (type === 'UNKNOWN') return `${of} has type UNKNOWN: use VALUE or SECRET`
    const [own, other, ownName, otherName] =
      type === 'VALUE'
        ? ([value, secret, 'value', 'secret'] as const)
        : ([secret, value, 'secret', 'value'] as const)
    if (own === undefined) return `${of} of type ${type} has no ${ownName}`
    if (other !== undefined) return `${of} of type ${type} must not have a ${otherName}`
  }
  return undefined
}
