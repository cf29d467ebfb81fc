/**
 * Checks of tasks and executors that do not depend on offers: commands, containers, limits.
 * Source: apache/mesos src/common/validation.cpp, src/master/validation.cpp
 * (validateResourceLimits).
 */
import type {
  CommandInfo,
  ContainerInfo,
  TaskInfo,
  Volume,
} from '../../../mesos/types.generated.ts'
import { findFirst } from '../../resources/find-first.ts'
import { sumOf } from '../../resources/value-validation.ts'

export function findCommandError({ environment }: CommandInfo): string | undefined {
  return findFirst(environment?.variables ?? [], ({ name, secret, type = 'VALUE', value }) => {
    if (type === 'UNKNOWN') return "Environment variable of type 'UNKNOWN' is not allowed"
    const [own, other] = type === 'VALUE' ? [value, secret] : [secret, value]
    const [ownName, otherName] = type === 'VALUE' ? ['value', 'secret'] : ['secret', 'value']
    const subject = `Environment variable '${name}' of type '${type}'`
    if (own === undefined) return `${subject} must have a ${ownName} set`
    return other === undefined ? undefined : `${subject} must not have a ${otherName} set`
  })
}

export function findContainerError({
  docker,
  type,
  volumes = [],
}: ContainerInfo): string | undefined {
  const volumeError = findFirst(volumes, findVolumeError)
  if (volumeError !== undefined) return `Invalid volume: ${volumeError}`
  if (type !== 'DOCKER') return undefined
  if (docker === undefined) {
    return "DockerInfo 'docker' is not set for DOCKER typed ContainerInfo"
  }
  return (docker.parameters ?? []).some(({ key }) => key === 'name')
    ? "Parameter in DockerInfo must not be 'name'"
    : undefined
}

const sources = {
  DOCKER_VOLUME: ['dockerVolume', 'docker_volume'],
  HOST_PATH: ['hostPath', 'host_path'],
  SANDBOX_PATH: ['sandboxPath', 'sandbox_path'],
  SECRET: ['secret', 'secret'],
} as const

function findVolumeError({ hostPath, image, source }: Volume): string | undefined {
  const count = [hostPath, image, source].filter((each) => each !== undefined).length
  if (count !== 1) return "Only one of them should be set: 'host_path', 'image' and 'source'"
  if (source === undefined) return undefined
  if (source.type === undefined || !(source.type in sources)) return "'source.type' is unknown"
  const type = source.type as keyof typeof sources
  const [field, name] = sources[type]
  return source[field] === undefined ? `'source.${name}' is not set for ${type} volume` : undefined
}

export function findLimitsError({ limits = {}, resources = [] }: TaskInfo): string | undefined {
  const { cpus, mem, ...others } = limits
  if (Object.keys(others).length > 0) {
    return "Only cpus and mem may be included in a task's resource limits"
  }
  const [cpusRequest, memRequest] = [sumOf(resources, 'cpus'), sumOf(resources, 'mem')]
  if (cpus !== undefined) {
    if (cpusRequest === 0) {
      return 'When a CPU limit is specified, a CPU request must also be specified'
    }
    if (cpus.value * 1000 < cpusRequest) {
      return 'The cpu limit must be greater than or equal to the cpu request'
    }
  }
  if (mem === undefined) return undefined
  if (memRequest === 0) {
    return 'When a memory limit is specified, a memory request must also be specified'
  }
  return mem.value * 1000 < memRequest
    ? 'The memory limit must be greater than or equal to the memory request'
    : undefined
}

/** True by default: a task shares the cgroups of its executor. */
export function sharesCgroups(container: ContainerInfo | undefined): boolean {
  return container?.linuxInfo?.shareCgroups ?? true
}
