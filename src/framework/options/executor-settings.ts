import { defined } from '../../defined.ts'
import { findContainerFault } from '../../domain/tasks/container/container-fault.ts'
import { containerInfoOf } from '../../domain/tasks/container/task-container.ts'
import { findTaskContainerFault } from '../../domain/tasks/container/task-container-fault.ts'
import { findSecretsFault } from '../../domain/tasks/container/task-secrets.ts'
import { isRecord } from '../../domain/json.ts'
import { findRequestFault } from '../../domain/tasks/resource-request.ts'
import { configInvalid } from '../../errors.ts'
import { findMessageFault } from '../../mesos/message-fault.ts'
import type { ContainerInfo } from '../../mesos/types.generated.ts'
import type { ExecutorSettings, FrameworkOptions } from './options.ts'

export type CompleteExecutorSettings = Omit<ExecutorSettings, 'container'> &
  Required<Pick<ExecutorSettings, 'node' | 'resources'>> & { readonly container?: ContainerInfo }

/** Throws `CONFIG_INVALID` for values that Mesos would refuse at the first launch. */
export function executorOf({
  executor = {},
  codec = 'protobuf',
}: FrameworkOptions): CompleteExecutorSettings {
  const { container, resources = { cpus: 0.1, memMb: 128 }, node = 'node', ...others } = executor
  const { secrets, environment } = others
  const fault =
    findRequestFault(resources) ??
    (secrets && findSecretsFault(secrets, environment)) ??
    (container && findFault(container))
  if (fault !== undefined) throw configInvalid('executor', `executor.${fault}`)
  return {
    ...others,
    ...defined({ container: container && toContainerInfo(container) }),
    node,
    resources,
    // Not for the default: one more variable would make a different executor for Mesos.
    environment: {
      ...environment,
      ...(codec === 'protobuf' ? {} : { JARCAST_CODEC: codec }),
    },
  }
}

type GivenContainer = NonNullable<ExecutorSettings['container']>

/** Mesos' own form always has a type. */
function isContainerInfo(container: GivenContainer): container is ContainerInfo {
  return isRecord(container) && 'type' in container
}

function toContainerInfo(container: GivenContainer): ContainerInfo {
  return isContainerInfo(container) ? container : containerInfoOf(container)
}

function findFault(container: GivenContainer): string | undefined {
  if (isContainerInfo(container))
    return (
      findMessageFault('mesos.v1.ContainerInfo', container, 'container') ??
      findContainerFault(container, 'container')
    )
  const { portMappings = [] } = container
  return portMappings.length > 0
    ? 'container.portMappings has no effect: an executor has no ports; name them in tasks that are plain commands'
    : findTaskContainerFault(container)
}
