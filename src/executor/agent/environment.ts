/**
 * What Mesos tells an executor through its environment.
 * Source: apache/mesos docs/executor-http-api.md, "Environment Variables"; the agent sets MESOS_CHECKPOINT to 1 or 0.
 */
import type { TlsSettings } from '../../client/http/tls.ts'
import { withoutMac } from '../../domain/libraries/signed-path.ts'
import { JarcastError } from '../../errors.ts'
import type { MediaType } from '../../mesos/codec.ts'
import { parseDuration } from '../../mesos/duration.ts'
import { hasTls, readAgentTls } from './tls.ts'

export interface ExecutorEnvironment {
  /** `http://host:port` of the agent, https where it speaks TLS. */
  readonly agentUrl: string
  /** How its certificate is checked; see `readAgentTls`. */
  readonly tls: TlsSettings
  /** Of calls and events. */
  readonly mediaType: MediaType
  readonly frameworkId: string
  readonly executorId: string
  /** Working folder of this executor; everything it writes, but for the host cache, is below. */
  readonly sandbox: string
  readonly checkpoint: boolean
  readonly recoveryTimeoutMs: number
  readonly subscriptionBackoffMaxMs: number
  readonly shutdownGraceMs: number
  /** Bearer token for the agent; a secret. */
  readonly token?: string
}

/**
 * Reads the environment of this process. Defaults, used when the framework does not checkpoint and Mesos is silent:
 * recovery timeout 15 minutes, subscription back-off 2 s, shutdown grace 5 s.
 * Throws `CONFIG_INVALID` naming every variable that is missing, or a file of TLS that cannot be used; `DURATION_INVALID`
 * for a bad duration.
 */
export function readEnvironment(env: Readonly<NodeJS.ProcessEnv>): ExecutorEnvironment {
  const names = ['MESOS_AGENT_ENDPOINT', 'MESOS_FRAMEWORK_ID', 'MESOS_EXECUTOR_ID', 'MESOS_SANDBOX']
  const missing = names.filter((name) => (env[name] ?? '') === '')
  if (missing.length > 0) {
    throw new JarcastError(
      'CONFIG_INVALID',
      `not started by a Mesos agent: ${missing.join(', ')} missing from the environment`,
    )
  }
  const token = env['MESOS_EXECUTOR_AUTHENTICATION_TOKEN'] ?? ''
  const scheme = hasTls(env) ? 'https' : 'http'
  return {
    agentUrl: `${scheme}://${env['MESOS_AGENT_ENDPOINT'] ?? ''}`,
    tls: hasTls(env) ? readAgentTls(env) : {},
    mediaType: env['JARCAST_CODEC'] === 'json' ? 'application/json' : 'application/x-protobuf',
    frameworkId: env['MESOS_FRAMEWORK_ID'] ?? '',
    executorId: env['MESOS_EXECUTOR_ID'] ?? '',
    sandbox: env['MESOS_SANDBOX'] ?? '',
    checkpoint: ['1', 'true'].includes(env['MESOS_CHECKPOINT'] ?? ''),
    recoveryTimeoutMs: parseDuration(env['MESOS_RECOVERY_TIMEOUT'] ?? '15mins'),
    subscriptionBackoffMaxMs: parseDuration(env['MESOS_SUBSCRIPTION_BACKOFF_MAX'] ?? '2secs'),
    shutdownGraceMs: parseDuration(env['MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD'] ?? '5secs'),
    ...(token === '' ? {} : { token }),
  }
}

/**
 * The library URIs of the executor's own argument: one string, separated by commas.
 * Throws `CONFIG_INVALID` for one that is no http or https URI.
 */
export function parseUriList(argument: string | undefined): readonly string[] {
  const uris = (argument ?? '').split(',').filter((uri) => uri !== '')
  const bad = uris.find((uri) => !URL.canParse(uri) || !/^https?:$/.test(new URL(uri).protocol))
  if (bad !== undefined) {
    throw new JarcastError(
      'CONFIG_INVALID',
      `${withoutMac(bad)} is no http or https URI of a library`,
    )
  }
  return uris
}
