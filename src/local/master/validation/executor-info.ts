/**
 * Compares ExecutorInfos with one executor id, and prints different ones as Mesos does.
 * Source: apache/mesos src/common/type_utils.cpp (operator==), src/master/validation.cpp
 * (executor).
 */
import type { CommandInfo, ExecutorInfo, Resource } from '../../../mesos/types.generated.ts'
import { amountsOf, containsAmounts } from '../../resources/resources.ts'

/**
 * True if Mesos takes them for the same executor. It does not compare labels, shutdown grace period
 * and a URI's `cache`, nor the order of resources, URIs and variables.
 */
export function isSameExecutor(left: ExecutorInfo, right: ExecutorInfo): boolean {
  return (
    hasSameResources(left.resources, right.resources) &&
    canonical(comparable(left)) === canonical(comparable(right))
  )
}

/** The error for an executor that differs from the running one with its id. */
export function describeIncompatible(existing: ExecutorInfo, asked: ExecutorInfo): string {
  const rule = '-'.repeat(60)
  return [
    'ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID.',
    rule,
    'Existing ExecutorInfo:',
    printExecutor(existing),
    rule,
    'ExecutorInfo:',
    printExecutor(asked),
    rule,
    '',
  ].join('\n')
}

function comparable(info: ExecutorInfo): unknown {
  const { labels: _labels, shutdownGracePeriod: _grace, resources: _resources, ...rest } = info
  return {
    ...rest,
    command: info.command === undefined ? undefined : comparableCommand(info.command),
  }
}

function comparableCommand(command: CommandInfo): unknown {
  const uris = (command.uris ?? []).map((uri) =>
    canonical({
      value: uri.value,
      executable: uri.executable ?? false,
      extract: uri.extract ?? true,
      outputFile: uri.outputFile,
    }),
  )
  const variables = (command.environment?.variables ?? []).map(canonical)
  return {
    value: command.value,
    user: command.user,
    shell: command.shell ?? true,
    arguments: command.arguments ?? [],
    uris: uris.sort(),
    variables: variables.sort(),
  }
}

function hasSameResources(
  left: readonly Resource[] | undefined,
  right: readonly Resource[] | undefined,
): boolean {
  const [a, b] = [amountsOf(left), amountsOf(right)]
  return containsAmounts(a, b) && containsAmounts(b, a)
}

/** JSON with sorted keys: equal values give equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

/** Protobuf's text format, in the order of the field numbers. */
function printExecutor(info: ExecutorInfo): string {
  return comparedFields.flatMap((field) => printField(field, info[field], '')).join('')
}

const comparedFields = [
  'executorId',
  'data',
  'resources',
  'command',
  'frameworkId',
  'name',
  'source',
  'container',
  'discovery',
  'shutdownGracePeriod',
  'labels',
  'type',
] as const satisfies readonly (keyof ExecutorInfo)[]

function printField(name: string, value: unknown, indent: string): string[] {
  if (value === undefined) return []
  if (Array.isArray(value)) return value.flatMap((item) => printField(name, item, indent))
  const key = name.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`)
  if (value !== null && typeof value === 'object') {
    const inner = Object.entries(value).flatMap(([field, part]) =>
      printField(field, part, `${indent}  `),
    )
    return [`${indent}${key} {\n`, ...inner, `${indent}}\n`]
  }
  const isEnum = name === 'type' && typeof value === 'string'
  const text = isEnum ? value : JSON.stringify(value)
  return [`${indent}${key}: ${text}\n`]
}
