/** The options of a framework, checked, with all defaults. */
import { hostname, userInfo } from 'node:os'
import type { TlsOptions } from '../../client/http/tls.ts'
import type { Credentials } from '../../client/http/credentials.ts'
import { defined } from '../../defined.ts'
import { findMesosIdFault, findRoleFault, showId } from '../../domain/ids.ts'
import { configInvalid } from '../../errors.ts'
import type { SchedulerPolicy } from '../../machines/scheduler/input.ts'
import type { MediaType } from '../../mesos/codec.ts'
import type {
  FrameworkInfoCapabilityType,
  SchedulerOfferConstraints,
} from '../../mesos/types.generated.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import { assertWorkable } from './combinations.ts'
import { checkCredentials, readCredentials } from './credentials.ts'
import { executorOf } from './executor-settings.ts'
import type { CompleteExecutorSettings } from './executor-settings.ts'
import { jarServerOf } from './jar-server-settings.ts'
import { milliseconds, oneOf } from './option-values.ts'
import { runtimeOf } from './runtime-settings.ts'
import type { RuntimeSettings } from './runtime-settings.ts'
import type {
  ConflictPolicy,
  DeliveryMode,
  FrameworkOptions,
  JarServerSettings,
  PackageSettings,
} from './options.ts'

export interface FrameworkSettings {
  /** May contain the password for ZooKeeper; a secret. */
  readonly masters: readonly string[]
  readonly principal: string | undefined
  /** A secret. */
  readonly credentials: Credentials | undefined
  readonly tls: TlsOptions | undefined
  /** Coordinates stand in the place of paths. */
  readonly libraries: readonly LibraryInput[]
  readonly packages: PackageSettings
  readonly conflicts: ConflictPolicy
  readonly name: string
  readonly user: string
  readonly roles: readonly string[]
  readonly capabilities: readonly FrameworkInfoCapabilityType[]
  readonly offerConstraints: SchedulerOfferConstraints | undefined
  readonly policy: SchedulerPolicy
  readonly hostname: string
  readonly frameworkId: string | undefined
  readonly failoverTimeoutMs: number
  readonly timeoutMs: number
  readonly jarServer: JarServerSettings
  readonly delivery: DeliveryMode
  readonly executor: CompleteExecutorSettings
  readonly runtime: RuntimeSettings
  readonly mediaType: MediaType
  readonly journal: string | undefined
}

/** Throws `CONFIG_INVALID` with the name of the setting and the values it takes. */
export function toSettings(options: FrameworkOptions): FrameworkSettings {
  const masters = mastersOf(options)
  const mediaType = mediaTypes[oneOf('codec', options.codec ?? 'protobuf', ['protobuf', 'json'])]
  const credentials = credentialsOf(options)
  const executor = executorOf(options)
  assertWorkable(options)
  return {
    masters,
    credentials,
    principal: options.principal ?? credentials?.principal,
    tls: options.tls,
    libraries: (options.libraries ?? []).map((library) =>
      typeof library === 'string' ? { path: library } : library,
    ),
    packages: options.packages ?? {},
    conflicts: oneOf('conflicts', options.conflicts ?? 'warn', ['warn', 'fail', 'ignore']),
    name: options.name ?? 'jarcast',
    user: options.user ?? currentUser(),
    roles: rolesOf(options),
    capabilities: options.capabilities ?? [],
    offerConstraints: options.offerConstraints,
    policy: policyOf(options),
    hostname: hostname(),
    frameworkId: frameworkIdOf(options.frameworkId),
    failoverTimeoutMs: failoverTimeoutOf(options.failoverTimeoutMs),
    timeoutMs: milliseconds('timeoutMs', options.timeoutMs ?? 60_000),
    delivery: oneOf('delivery', options.delivery ?? 'executor', ['executor', 'fetcher']),
    jarServer: jarServerOf(options.jarServer),
    executor,
    runtime: runtimeOf(options),
    mediaType,
    journal: options.journal,
  }
}

const mediaTypes = { protobuf: 'application/x-protobuf', json: 'application/json' } as const

function mastersOf({ master }: FrameworkOptions): readonly string[] {
  const masters = [master].flat()
  if (masters.length > 0 && !masters.some((one) => /^\s*(?:,|$)/.test(one))) return masters
  throw configInvalid('master', 'master must be an address such as http://10.0.0.1:5050')
}

function credentialsOf({ credentials, principal }: FrameworkOptions): Credentials | undefined {
  if (typeof credentials === 'string') return readCredentials(credentials, principal)
  if (credentials === undefined) return undefined
  if (principal !== undefined && principal !== credentials.principal) {
    const message = 'principal must be that of the credentials, or be left out'
    throw configInvalid('principal', message)
  }
  return checkCredentials(credentials)
}

function rolesOf({ role, roles }: FrameworkOptions): readonly string[] {
  const setting = roles === undefined ? 'role' : 'roles'
  for (const one of [...(roles ?? []), ...(role === undefined ? [] : [role])]) {
    const fault = findRoleFault(one)
    if (fault !== undefined) throw configInvalid(setting, `${setting} (${showId(one)}) ${fault}`)
  }
  if (roles === undefined) return [role ?? '*']
  if (role !== undefined) throw configInvalid('role', 'role must not be set beside roles')
  if (roles.length === 0 || new Set(roles).size < roles.length)
    throw configInvalid('roles', 'roles must name at least one role, and none twice')
  return roles
}

function frameworkIdOf(id: string | undefined): string | undefined {
  const fault = id === undefined ? undefined : findMesosIdFault(id)
  if (fault !== undefined) throw configInvalid('frameworkId', `frameworkId ${fault}`)
  return id
}

function policyOf(options: FrameworkOptions): SchedulerPolicy {
  const { offerHoldMs = 1000, maintenance, unknownTasks, reconcileEveryMs, revives } = options
  const { burst = 1, refillMs = 1 } = revives ?? {}
  if (!(burst >= 1 && refillMs >= 1))
    throw configInvalid('revives', 'revives must be numbers, 1 or more')
  if (reconcileEveryMs !== undefined && !(reconcileEveryMs >= 1000)) {
    const message = 'reconcileEveryMs must be a number of ms, 1000 or more'
    throw configInvalid('reconcileEveryMs', message)
  }
  return {
    offerHoldMs: milliseconds('offerHoldMs', offerHoldMs),
    ...defined({ inverseOffers: maintenance, unknownTasks, reconcileEveryMs, revives }),
  }
}

/** In many containers the user of a process has a number and no name; Mesos needs a name. */
function currentUser(): string {
  try {
    return userInfo().username
  } catch (cause) {
    const message = 'user must be set (--user NAME): the user of this process has no name'
    throw configInvalid('user', message, cause)
  }
}

/** Mesos keeps 64 bits of nanoseconds, and refuses a framework with more. */
const maxFailoverMs = 9_223_372_036_000

/** Throws `CONFIG_INVALID`. */
export function failoverTimeoutOf(value = 60_000): number {
  if (milliseconds('failoverTimeoutMs', value) <= maxFailoverMs) return value
  const message = `failoverTimeoutMs must be at most ${maxFailoverMs} ms (292 years)`
  throw configInvalid('failoverTimeoutMs', message)
}
