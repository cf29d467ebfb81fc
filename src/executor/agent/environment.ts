/**
 * The environment variables that a Mesos agent sets for an executor.
 * Source: apache/mesos docs/executor-http-api.md, "Environment Variables"; the agent sets
 * MESOS_CHECKPOINT to 1 or 0.
 */
import type { TlsSettings } from '../../client/http/tls.ts'
import { withoutMac } from '../../domain/libraries/signed-path.ts'
import { configInvalid } from '../../errors.ts'
import type { MediaType } from '../../mesos/codec.ts'
import { parseDuration } from '../../mesos/duration.ts'
import { hasTls, readAgentTls } from './tls.ts'

export interface ExecutorEnvironment {
  /** `http://host:port` of the agent; https if it uses TLS. */
  readonly agentUrl: string
  /** Verification of its certificate; see `readAgentTls`. */
  readonly tls: TlsSettings
  /** Media type of calls and events. */
  readonly mediaType: MediaType
  readonly frameworkId: string
  readonly executorId: string
  /** Working folder. The executor writes all files below, except for the host cache. */
  readonly sandbox: string
  readonly checkpoint: boolean
  readonly recoveryTimeoutMs: number
  readonly subscriptionBackoffMaxMs: number
  readonly shutdownGraceMs: number
  /** Bearer token for the agent; a secret. */
  readonly token?: string
}

/**
 * Reads the environment of this process. Defaults for times that Mesos does not set: recovery
 * timeout 15 minutes, subscription back-off 2 s, shutdown grace 5 s.
 * Throws `CONFIG_INVALID` with the names of all missing variables, or of a TLS file that cannot be
 * used; `DURATION_INVALID` for an invalid duration.
 */
export function readEnvironment(env: Readonly<NodeJS.ProcessEnv>): ExecutorEnvironment {
  const names = ['MESOS_AGENT_ENDPOINT', 'MESOS_FRAMEWORK_ID', 'MESOS_EXECUTOR_ID', 'MESOS_SANDBOX']
  const missing = names.filter((name) => (env[name] ?? '') === '').join(', ')
  if (missing !== '') {
    const message = `not started by a Mesos agent: ${missing} missing from the environment`
    throw configInvalid(missing, message)
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
    ...(token !== '' && { token }),
  }
}

/**
 * The library URIs in the executor's argument, separated by commas.
 * Throws `CONFIG_INVALID` for any other than an http or https URI.
 */
export function parseUriList(argument: string | undefined): readonly string[] {
  const uris = (argument ?? '').split(',').filter((uri) => uri !== '')
  const bad = uris.find((uri) => !URL.canParse(uri) || !/^https?:$/.test(new URL(uri).protocol))
  if (bad !== undefined) {
    const message = `${withoutMac(bad)} is not the http or https URI of a library`
    throw configInvalid("the executor's argument", message)
  }
  return uris
}
