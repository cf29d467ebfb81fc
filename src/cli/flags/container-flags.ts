/** Containers, networks, secrets by reference, and service discovery, in words like Docker's. */
import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { defined } from '../../defined.ts'
import type {
  ContainerVolume,
  PortMapping,
  TaskContainer,
} from '../../domain/tasks/container/task-container.ts'
import type { DiscoveryPort, TaskDiscovery } from '../../domain/tasks/container/task-discovery.ts'
import type { SecretName, SecretVariables } from '../../domain/tasks/container/task-secrets.ts'
import { collectTexts, forRepeated } from './option-values.ts'

export interface ContainerFlags {
  readonly image?: string
  readonly containerizer?: 'mesos' | 'docker'
  readonly forcePull?: boolean
  readonly network?: readonly string[]
  readonly portMapping?: readonly PortMapping[]
  readonly volume?: readonly ContainerVolume[]
  readonly volumeSecret?: readonly ContainerVolume[]
  readonly envSecret?: SecretVariables
  readonly discoveryName?: string
  readonly discoveryPort?: readonly (string | DiscoveryPort)[]
}

/** Adds the options to `command`. */
export function addContainerFlags(command: Command): Command {
  return command
    .optionsGroup(
      'Containers: of plain commands, or else of the executor, whose image has Node.js:',
    )
    .option('--image <name>', 'Docker image, such as node:22-alpine (default: none)')
    .addOption(
      new Option(
        '--containerizer <which>',
        "who runs containers: Mesos, which needs no Docker, or the agent's Docker (default: mesos)",
      ).choices(['mesos', 'docker']),
    )
    .option('--force-pull', 'ask the registry for the image even if the agent has it')
    .option(
      '--network <name>',
      "a CNI network; with docker: bridge, host, none or a network's name; repeatable",
      collectTexts,
    )
    .option(
      '--port-mapping <[host:]port>',
      'a port of the agent that leads to this port of the container: [HOST:]PORT[/udp] (default: HOST is any); repeatable',
      forRepeated(collect(toPortMapping)),
    )
    .option(
      '--volume <source:path>',
      '/FOLDER of the agent, ./FOLDER of the sandbox, or a NAME of Docker, at a path in the container: SOURCE:PATH[:ro]; repeatable',
      forRepeated(collect(toVolume)),
    )
    .option(
      '--volume-secret <path=secret>',
      "a file with a secret that the agents' resolver knows: PATH=SECRET[#KEY]; repeatable",
      forRepeated(collect(toSecretVolume)),
    )
    .option(
      '--env-secret <name=secret>',
      'a variable with such a secret: NAME=SECRET[#KEY]; repeatable',
      forRepeated(collectSecrets),
    )
    .optionsGroup('Service discovery:')
    .option('--discovery-name <name>', 'name to be found by (default: the name of the task)')
    .option(
      '--discovery-port <name>',
      'name of the next port of the task: NAME[=PORT][/udp]; repeatable',
      forRepeated(collect(toDiscoveryPort)),
    )
}

/** Undefined if no option asks for a container. */
export function containerOf(flags: ContainerFlags): TaskContainer | undefined {
  const { image, containerizer, forcePull, network, portMapping, volume, volumeSecret } = flags
  const volumes = [...(volume ?? []), ...(volumeSecret ?? [])]
  const container = defined({
    image,
    containerizer,
    forcePull,
    networks: network,
    portMappings: portMapping,
    volumes: volumes.length === 0 ? undefined : volumes,
  })
  return Object.keys(container).length === 0 ? undefined : container
}

export function discoveryOf(flags: ContainerFlags): TaskDiscovery | undefined {
  const { discoveryName: name, discoveryPort: ports } = flags
  return (name ?? ports) === undefined ? undefined : defined({ name, ports })
}

/** The ports that mappings and names stand for: given ones, or how many. */
export function impliedPorts(flags: ContainerFlags): number | readonly number[] | undefined {
  const { portMapping = [], discoveryPort = [] } = flags
  const hosts = portMapping.flatMap(({ hostPort }) => hostPort ?? [])
  const unnamed = discoveryPort.filter((port) => typeof port === 'string' || !('number' in port))
  // Both would need a list that has ports for the others, too: that of --ports.
  if (hosts.length > 0) return hosts.length === portMapping.length ? hosts : undefined
  const count = Math.max(portMapping.length, unnamed.length)
  return count === 0 ? undefined : count
}

function toPortMapping(text: string): PortMapping {
  const [, host, container, protocol] = /^(?:(\d+):)?(\d+)(?:\/(tcp|udp))?$/.exec(text) ?? []
  if (container === undefined)
    throw new InvalidArgumentError('It must be [HOST:]PORT[/udp], such as 80 or 31000:80.')
  return {
    containerPort: Number(container),
    ...defined({
      hostPort: host === undefined ? undefined : Number(host),
      protocol: protocol as PortMapping['protocol'],
    }),
  }
}

function toVolume(text: string): ContainerVolume {
  const [, source = '', containerPath = '', mode] =
    /^([^:]+):([^:]+?)(?::(ro|rw))?$/.exec(text) ?? []
  if (source === '')
    throw new InvalidArgumentError('It must be SOURCE:PATH[:ro], such as /etc/ssl:/etc/ssl:ro.')
  const more = mode === 'ro' ? { readOnly: true } : {}
  if (source.startsWith('/')) return { containerPath, hostPath: source, ...more }
  const [, sandboxPath] = /^\.\/(.+)$/.exec(source) ?? []
  if (sandboxPath !== undefined) return { containerPath, sandboxPath, ...more }
  return { containerPath, dockerVolume: { name: source }, ...more }
}

function toSecretVolume(text: string): ContainerVolume {
  const [containerPath, secret] = splitSecret(text, 'PATH')
  return { containerPath, secret }
}

function collectSecrets(text: string, before: SecretVariables = {}): SecretVariables {
  const [name, secret] = splitSecret(text, 'NAME')
  return { ...before, [name]: secret }
}

/** The value stays on the agents: every user of this machine can read a command line. */
function splitSecret(text: string, what: string): readonly [string, SecretName] {
  const [, left, name, key] = /^([^=]+)=([^#]+)(?:#(.+))?$/s.exec(text) ?? []
  if (left === undefined || name === undefined)
    throw new InvalidArgumentError(
      `It must be ${what}=SECRET[#KEY]: the name of a secret, never its value.`,
    )
  return [left, key === undefined ? name : { name, key }]
}

function toDiscoveryPort(text: string): string | DiscoveryPort {
  const [, name, digits, protocol] = /^([^=/]+)(?:=(\d+))?(?:\/(tcp|udp))?$/.exec(text) ?? []
  if (name === undefined)
    throw new InvalidArgumentError('It must be NAME[=PORT][/udp], such as http or admin=8081.')
  if (digits === undefined && protocol === undefined) return name
  return {
    name,
    ...defined({
      number: digits === undefined ? undefined : Number(digits),
      protocol: protocol as DiscoveryPort['protocol'],
    }),
  }
}

function collect<Value>(parse: (text: string) => Value) {
  return (text: string, before: readonly Value[] = []): readonly Value[] => [...before, parse(text)]
}
