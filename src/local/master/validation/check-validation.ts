/**
 * Why the master refuses a task's check or health check, in Mesos' order and words.
 * Source: apache/mesos src/common/validation.cpp (validateCheckInfo, validateHealthCheck).
 */
import type {
  CheckInfo,
  CommandInfo,
  HealthCheck,
  TaskInfo,
} from '../../../mesos/types.generated.ts'

type CommandFault = (command: CommandInfo) => string | undefined

/** `findCommandError` checks a CommandInfo. */
export function findTaskCheckError(
  { check, healthCheck }: TaskInfo,
  findCommandError: CommandFault,
): string | undefined {
  const checkError = check && findCheckError(check, findCommandError)
  if (checkError !== undefined) return `Task uses invalid check: ${checkError}`
  const healthError = healthCheck && findHealthCheckError(healthCheck, findCommandError)
  return healthError === undefined ? undefined : `Task uses invalid health check: ${healthError}`
}

function findCheckError(check: CheckInfo, findCommandError: CommandFault): string | undefined {
  const { command, http, tcp, type } = check
  const names = { what: 'check', Command: 'Command check', Owner: "Check's" }
  return (
    (type === undefined ? "CheckInfo must specify 'type'" : undefined) ??
    findTypeError({ type, command: command?.command, http, tcp }, names, findCommandError) ??
    findNegative(check, ['delaySeconds', 'intervalSeconds', 'timeoutSeconds'])
  )
}

function findHealthCheckError(
  check: HealthCheck,
  findCommandError: CommandFault,
): string | undefined {
  const { command, http, tcp, type } = check
  const names = { what: 'health check', Command: 'Command health check', Owner: "Health check's" }
  return (
    (type === undefined ? "HealthCheck must specify 'type'" : undefined) ??
    findSchemeError(check) ??
    findTypeError({ type, command, http, tcp }, names, findCommandError) ??
    findNegative(check, ['delaySeconds', 'gracePeriodSeconds', 'intervalSeconds', 'timeoutSeconds'])
  )
}

interface Body {
  readonly type: string | undefined
  readonly command: CommandInfo | undefined
  readonly http: { readonly path?: string } | undefined
  readonly tcp: object | undefined
}

interface Names {
  readonly what: string
  readonly Command: string
  readonly Owner: string
}

function findTypeError(
  { command, http, tcp, type }: Body,
  { Command, Owner, what }: Names,
  findCommandError: CommandFault,
): string | undefined {
  switch (type) {
    case 'COMMAND': {
      if (command === undefined) return `Expecting 'command' to be set for COMMAND ${what}`
      if (command.value === undefined) {
        return `${Command} must contain '${command.shell === false ? 'executable path' : 'shell command'}'`
      }
      const error = findCommandError(command)
      return error === undefined ? undefined : `${Owner} \`CommandInfo\` is invalid: ${error}`
    }
    case 'HTTP':
      if (http === undefined) return `Expecting 'http' to be set for HTTP ${what}`
      return http.path === undefined || http.path.startsWith('/')
        ? undefined
        : `The path '${http.path}' of HTTP ${what} must start with '/'`
    case 'TCP':
      return tcp === undefined ? `Expecting 'tcp' to be set for TCP ${what}` : undefined
    default:
      return `'${type}' is not a valid ${what} type`
  }
}

function findSchemeError({ http, type }: HealthCheck): string | undefined {
  const scheme = http?.scheme ?? 'http'
  return type !== 'HTTP' || scheme === 'http' || scheme === 'https'
    ? undefined
    : `Unsupported HTTP health check scheme: '${scheme}'`
}

function findNegative<Check extends object>(
  check: Check,
  names: readonly (keyof Check & string)[],
): string | undefined {
  const negative = names.find((name) => Number(check[name] ?? 0) < 0)
  if (negative === undefined) return undefined
  const wireName = negative.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`)
  return `Expecting '${wireName}' to be non-negative`
}
