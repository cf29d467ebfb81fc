/** Fields of a task that are passed to Mesos unchanged. Source: mesos.proto, `TaskInfo`. */
import { findMessageFault } from '../../mesos/message-fault.ts'
import type { TaskInfo } from '../../mesos/types.generated.ts'
import { isRecord } from '../json.ts'
import { findContainerFault, findVariablesFault } from './container/container-fault.ts'

/**
 * Fields of TaskInfo. `command` adds uris, environment and user to the command made of the work.
 * Port 0 in checks, discovery and Docker's port mappings stands for a port that the task gets.
 */
export type MesosFields = Pick<
  TaskInfo,
  'check' | 'command' | 'container' | 'discovery' | 'healthCheck' | 'labels' | 'limits'
>

const messages: Readonly<Record<keyof MesosFields, string>> = {
  check: 'CheckInfo',
  command: 'CommandInfo',
  container: 'ContainerInfo',
  discovery: 'DiscoveryInfo',
  healthCheck: 'HealthCheck',
  labels: 'Labels',
  limits: '',
}
const elsewhere: Readonly<Record<string, string>> = {
  killPolicy: 'killGraceMs',
  maxCompletionTime: 'maxCompletionMs',
  name: 'name',
  resources: 'resources',
}

/** Why Mesos would refuse these fields, naming the field; undefined if it would not. */
export function findMesosFault(fields: unknown): string | undefined {
  if (!isRecord(fields)) return 'mesos must be an object'
  for (const [name, value] of Object.entries(fields)) {
    const fault = findFieldFault(name, value)
    if (fault !== undefined) return fault
  }
  const { command, healthCheck, check, container } = fields as MesosFields
  const program = ['value', 'shell', 'arguments'].find((name) => name in (command ?? {}))
  if (program !== undefined) return `mesos.command.${program} is given by the work; leave it out`
  return (
    findProbeFault('healthCheck', healthCheck) ??
    findProbeFault('check', check) ??
    (command && findVariablesFault(command, 'mesos.command')) ??
    (container && findContainerFault(container, 'mesos.container'))
  )
}

function findFieldFault(name: string, value: unknown): string | undefined {
  const message = Object.hasOwn(messages, name) ? messages[name as keyof MesosFields] : undefined
  if (message === undefined) {
    const named = Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined
    return named === undefined
      ? `mesos.${name} is none of ${Object.keys(messages).join(', ')}`
      : `mesos.${name} is given as ${named}`
  }
  // limits is a map of scalars: there is no message type to check it with.
  return name === 'limits'
    ? findLimitsFault(value)
    : findMessageFault(`mesos.v1.${message}`, value, `mesos.${name}`)
}

function findLimitsFault(limits: unknown): string | undefined {
  if (!isRecord(limits)) return 'mesos.limits must be an object'
  const wrong = Object.keys(limits).find((name) => name !== 'cpus' && name !== 'mem')
  if (wrong !== undefined) return `mesos.limits.${wrong} is none of cpus, mem`
  return Object.entries(limits)
    .map(([name, limit]) =>
      findMessageFault('mesos.v1.Value.Scalar', limit, `mesos.limits.${name}`),
    )
    .find((fault) => fault !== undefined)
}

interface Probe {
  readonly type?: string
  readonly delaySeconds?: number
  readonly intervalSeconds?: number
  readonly timeoutSeconds?: number
  readonly gracePeriodSeconds?: number
}

/** A check needs its type and the message for it; its times must not be negative. */
function findProbeFault(
  name: 'healthCheck' | 'check',
  probe: Probe | undefined,
): string | undefined {
  if (probe === undefined) return undefined
  const body = { COMMAND: 'command', HTTP: 'http', TCP: 'tcp' }[probe.type ?? '']
  if (body === undefined) return `mesos.${name}.type must be COMMAND, HTTP or TCP`
  if (!(body in probe)) return `mesos.${name}.${body} is missing`
  const { delaySeconds, intervalSeconds, timeoutSeconds, gracePeriodSeconds } = probe
  const times = { delaySeconds, intervalSeconds, timeoutSeconds, gracePeriodSeconds }
  const [negative] = Object.entries(times).find(([, seconds = 0]) => seconds < 0) ?? []
  return negative === undefined ? undefined : `mesos.${name}.${negative} must be 0 or more`
}
