/**
 * The environment of an executor. It inherits nothing of this process.
 * Source: apache/mesos src/slave/slave.cpp (executorEnvironment), docs/executor-http-api.md.
 */
import { formatDuration } from '../../../mesos/duration.ts'
import type { CommandInfo, ExecutorInfo, FrameworkInfo } from '../../../mesos/types.generated.ts'

export interface ExecutorEnvironmentOptions {
  readonly framework: FrameworkInfo
  readonly frameworkId: string
  readonly executor: ExecutorInfo
  readonly agentId: string
  /** `ip:port` of the agent. */
  readonly agentAddress: string
  readonly directory: string
  /** Variables for every executor; the framework's win. */
  readonly defaults: Readonly<Record<string, string>>
  readonly shutdownGraceMs: number
  /** Maximum back-off of an executor that connects to a restarting agent. */
  readonly subscriptionBackoffMaxMs: number
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
/**
 * Time that an executor of a checkpointing framework waits for its agent: Mesos'
 * `--recovery_timeout`.
 */
export const recoveryTimeoutMs = 15 * 60_000
const nanosecondsPerMs = 1e6

/** In order: the cluster's defaults, Mesos' own variables, then those of the executor's command. */
export function executorEnvironment(options: ExecutorEnvironmentOptions): Record<string, string> {
  return {
    PATH: defaultPath,
    ...options.defaults,
    ...mesosVariables(options),
    ...commandVariables(options.executor.command),
  }
}

/** A command's variables, without secrets. */
export function commandVariables(command: CommandInfo | undefined): Record<string, string> {
  const variables = command?.environment?.variables ?? []
  return Object.fromEntries(
    variables.filter(({ type }) => type !== 'SECRET').map(({ name, value }) => [name, value ?? '']),
  )
}

/** `ExecutorInfo.shutdown_grace_period`, else the agent's own, in ms. */
export function shutdownGraceOf(executor: ExecutorInfo, defaultMs: number): number {
  const nanoseconds = executor.shutdownGracePeriod?.nanoseconds
  return nanoseconds === undefined ? defaultMs : Number(nanoseconds) / nanosecondsPerMs
}

function mesosVariables(options: ExecutorEnvironmentOptions): Record<string, string> {
  const { agentAddress, agentId, directory, executor } = options
  const isCheckpointing = options.framework.checkpoint === true
  return {
    LIBPROCESS_IP: agentAddress.slice(0, agentAddress.lastIndexOf(':')),
    LIBPROCESS_PORT: '0',
    MESOS_FRAMEWORK_ID: options.frameworkId,
    MESOS_EXECUTOR_ID: executor.executorId.value,
    MESOS_DIRECTORY: directory,
    MESOS_SANDBOX: directory,
    MESOS_SLAVE_ID: agentId,
    MESOS_SLAVE_PID: `slave(1)@${agentAddress}`,
    MESOS_AGENT_ENDPOINT: agentAddress,
    MESOS_CHECKPOINT: isCheckpointing ? '1' : '0',
    MESOS_HTTP_COMMAND_EXECUTOR: '0',
    MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: formatDuration(
      shutdownGraceOf(executor, options.shutdownGraceMs),
    ),
    ...(isCheckpointing
      ? {
          MESOS_RECOVERY_TIMEOUT: formatDuration(recoveryTimeoutMs),
          MESOS_SUBSCRIPTION_BACKOFF_MAX: formatDuration(options.subscriptionBackoffMaxMs),
        }
      : {}),
  }
}
