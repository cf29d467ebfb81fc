/** The ports of a task: in its environment, and in the fields that ask for them. */
import { defined } from '../../defined.ts'
import type { ContainerInfo, DiscoveryInfo } from '../../mesos/types.generated.ts'
import type { MesosFields } from './mesos-fields.ts'

/** `PORT0`, `PORT1` …, and all of them in `PORTS`, separated by commas. */
export function portVariables(ports: readonly number[]): Readonly<Record<string, string>> {
  if (ports.length === 0) return {}
  const single = ports.map((port, index) => [`PORT${index}`, String(port)])
  return { ...Object.fromEntries(single), PORTS: ports.join(',') }
}

/**
 * Replaces port 0 by ports of the task: in checks by the first one; in discovery, and in host ports
 * of a container, by one after the other.
 */
export function fillPorts(fields: MesosFields, ports: readonly number[]): MesosFields {
  const { healthCheck, check, discovery, container } = fields
  const [first] = ports
  if (first === undefined) return fields
  return {
    ...fields,
    ...defined({
      healthCheck: healthCheck && fillProbe(healthCheck, first),
      check: check && fillProbe(check, first),
      discovery: discovery && fillDiscovery(discovery, ports),
      container: container && fillContainer(container, ports),
    }),
  }
}

interface Probe {
  readonly http?: { readonly port: number }
  readonly tcp?: { readonly port: number }
}

function fillProbe<P extends Probe>(probe: P, port: number): P {
  const { http, tcp } = probe
  return {
    ...probe,
    ...(http?.port === 0 ? { http: { ...http, port } } : {}),
    ...(tcp?.port === 0 ? { tcp: { ...tcp, port } } : {}),
  }
}

function fillDiscovery(discovery: DiscoveryInfo, ports: readonly number[]): DiscoveryInfo {
  const named = discovery.ports?.ports
  if (named === undefined) return discovery
  const next = inTurn(ports)
  return {
    ...discovery,
    ports: {
      ports: named.map((port) => (port.number === 0 ? { ...port, number: next() } : port)),
    },
  }
}

/** A container has port mappings of Docker, or of its CNI networks. */
function fillContainer(container: ContainerInfo, ports: readonly number[]): ContainerInfo {
  const { docker, networkInfos } = container
  const mapped = [docker, ...(networkInfos ?? [])].flatMap((one) => one?.portMappings ?? [])
  const given = new Set(mapped.map(({ hostPort }) => hostPort))
  const next = inTurn(ports.filter((port) => !given.has(port)))
  const fill = <Mapping extends { readonly hostPort: number }>(mapping: Mapping): Mapping =>
    mapping.hostPort === 0 ? { ...mapping, hostPort: next() } : mapping
  return {
    ...container,
    ...(docker?.portMappings && {
      docker: { ...docker, portMappings: docker.portMappings.map(fill) },
    }),
    ...(networkInfos && {
      networkInfos: networkInfos.map((network) => {
        const { portMappings } = network
        return portMappings ? { ...network, portMappings: portMappings.map(fill) } : network
      }),
    }),
  }
}

/** Returns 0 when the task has no more ports. */
function inTurn(ports: readonly number[]): () => number {
  let index = 0
  return () => ports[index++] ?? 0
}
