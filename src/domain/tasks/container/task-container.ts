/**
 * The container of a task or an executor in plain words, and as Mesos wants it.
 * Source: mesos.proto, `ContainerInfo`; apache/mesos docs/container-image.md, docs/cni.md,
 * docs/container-volume.md.
 */
import { defined } from '../../../defined.ts'
import type {
  ContainerInfo,
  ContainerInfoDockerInfo,
  NetworkInfo,
  Volume,
} from '../../../mesos/types.generated.ts'
import { secretOf } from './task-secrets.ts'
import type { SecretName } from './task-secrets.ts'

export interface TaskContainer {
  /** Docker image, such as `node:22-alpine`. Default: the files of the agent. */
  readonly image?: string
  /**
   * `mesos`: Mesos' own containerizer, which needs no Docker on the agent. `docker`: the Docker
   * daemon of the agent, for images only. Default `mesos`.
   */
  readonly containerizer?: 'mesos' | 'docker'
  /**
   * Networks to join, by name: CNI networks, or one network of Docker (`bridge`, `none`, `host`, or
   * its own name). Default: the network of the agent.
   */
  readonly networks?: readonly string[]
  /** Ports of the agent that lead to ports in the container's first network. */
  readonly portMappings?: readonly PortMapping[]
  readonly volumes?: readonly ContainerVolume[]
  /** Asks the registry for the image even if the agent has it. Default false. */
  readonly forcePull?: boolean
  /** Gives all rights of the agent's root; only `docker`. Default false. */
  readonly privileged?: boolean
  /** Host name inside the container. */
  readonly hostname?: string
}

export interface PortMapping {
  readonly containerPort: number
  /** Default: the next port of the task that is not named yet, see `resources.ports`. */
  readonly hostPort?: number
  /** Default `tcp`. */
  readonly protocol?: 'tcp' | 'udp'
}

/** One of `hostPath`, `sandboxPath`, `secret` and `dockerVolume` says what is mounted. */
export interface ContainerVolume {
  /** Where it appears in the container; without an image relative to the sandbox. */
  readonly containerPath: string
  /** Absolute path on the agent. */
  readonly hostPath?: string
  /** Path in the sandbox. */
  readonly sandboxPath?: string
  /** A file with the value of a secret; only `mesos`. */
  readonly secret?: SecretName
  /** A volume of a driver of Docker. */
  readonly dockerVolume?: { readonly name: string; readonly driver?: string }
  /** Default false; a secret is always read only. */
  readonly readOnly?: boolean
}

/** Port 0 stands for the next port of the task. */
export function containerInfoOf(container: TaskContainer): ContainerInfo {
  const { image, containerizer = 'mesos', networks = [], volumes = [], hostname } = container
  const isDocker = containerizer === 'docker'
  const joined = isDocker ? networks.filter((name) => dockerNetwork(name) === 'USER') : networks
  const mappings = portMappingsOf(container)
  const networkInfos: readonly NetworkInfo[] = joined.map((name, index) => {
    const isMapped = !isDocker && index === 0 && mappings.length > 0
    return isMapped ? { name, portMappings: mappings } : { name }
  })
  return {
    type: isDocker ? 'DOCKER' : 'MESOS',
    ...(isDocker ? { docker: dockerInfoOf(container) } : {}),
    ...(!isDocker && image !== undefined
      ? { mesos: { image: { type: 'DOCKER', docker: { name: image }, ...cachedOf(container) } } }
      : {}),
    ...(networkInfos.length === 0 ? {} : { networkInfos }),
    ...(volumes.length === 0 ? {} : { volumes: volumes.map((one) => volumeOf(one, isDocker)) }),
    ...defined({ hostname }),
  }
}

function cachedOf({ forcePull }: TaskContainer) {
  return forcePull === true ? { cached: false } : {}
}

function dockerInfoOf(container: TaskContainer): ContainerInfoDockerInfo {
  const { image = '', networks: [network] = [], forcePull, privileged } = container
  const portMappings = portMappingsOf(container)
  return {
    image,
    ...(network === undefined ? {} : { network: dockerNetwork(network) }),
    ...(portMappings.length === 0 ? {} : { portMappings }),
    ...defined({ forcePullImage: forcePull, privileged }),
  }
}

/** The network modes of Docker that Mesos knows by name. */
export function dockerNetwork(name: string): 'HOST' | 'BRIDGE' | 'NONE' | 'USER' {
  const modes = { host: 'HOST', bridge: 'BRIDGE', none: 'NONE' } as const
  return Object.hasOwn(modes, name) ? modes[name as keyof typeof modes] : 'USER'
}

function portMappingsOf({ portMappings = [] }: TaskContainer) {
  return portMappings.map(({ containerPort, hostPort = 0, protocol }) => {
    return { hostPort, containerPort, ...defined({ protocol }) }
  })
}

/** Docker's containerizer knows the paths of the agent, and takes relative ones as in the sandbox. */
function volumeOf(volume: ContainerVolume, isDocker: boolean): Volume {
  const { containerPath, hostPath, sandboxPath, secret, dockerVolume, readOnly = false } = volume
  const mode = readOnly || secret !== undefined ? 'RO' : 'RW'
  const head = { containerPath, mode } as const
  if (secret !== undefined) return { ...head, source: { type: 'SECRET', secret: secretOf(secret) } }
  if (dockerVolume !== undefined)
    return { ...head, source: { type: 'DOCKER_VOLUME', dockerVolume } }
  if (isDocker) return { ...head, hostPath: hostPath ?? sandboxPath ?? '' }
  if (hostPath !== undefined)
    return { ...head, source: { type: 'HOST_PATH', hostPath: { path: hostPath } } }
  const path = sandboxPath ?? ''
  return { ...head, source: { type: 'SANDBOX_PATH', sandboxPath: { type: 'SELF', path } } }
}
