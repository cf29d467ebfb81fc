/** The flags of a Mesos agent like this one. */
import { formatDuration } from '../../../mesos/duration.ts'
import type { Agent } from '../../agent/agent.ts'

export function agentFlags({ info, state, url }: Agent, workDir: string): Record<string, string> {
  const { executorRegistrationTimeoutMs, shutdownGraceMs } = state.options
  return {
    containerizers: 'mesos',
    default_role: '*',
    executor_registration_timeout: formatDuration(executorRegistrationTimeoutMs),
    executor_shutdown_grace_period: formatDuration(shutdownGraceMs),
    hostname: info.hostname,
    ip: url.address.ip ?? '',
    launcher: 'posix',
    max_completed_executors_per_framework: '150',
    port: String(url.address.port),
    recovery_timeout: '15mins',
    switch_user: 'false',
    work_dir: workDir,
  }
}
