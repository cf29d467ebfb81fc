import { findRequestFault } from '../../domain/tasks/resource-request.ts'
import { configInvalid } from '../../errors.ts'
import { findMessageFault } from '../../mesos/message-fault.ts'
import type { ExecutorSettings, FrameworkOptions } from './options.ts'

export type CompleteExecutorSettings = ExecutorSettings &
  Required<Pick<ExecutorSettings, 'node' | 'resources'>>

/** Throws `CONFIG_INVALID` for values that Mesos would refuse at the first launch. */
export function executorOf({
  executor = {},
  codec = 'protobuf',
}: FrameworkOptions): CompleteExecutorSettings {
  const { container, resources = { cpus: 0.1, memMb: 128 }, node = 'node' } = executor
  const fault =
    findRequestFault(resources) ??
    (container && findMessageFault('mesos.v1.ContainerInfo', container, 'container'))
  if (fault !== undefined) throw configInvalid('executor', `executor.${fault}`)
  return {
    ...executor,
    node,
    resources,
    // Not for the default: one more variable would make a different executor for Mesos.
    environment: {
      ...executor.environment,
      ...(codec === 'protobuf' ? {} : { JARCAST_CODEC: codec }),
    },
  }
}
