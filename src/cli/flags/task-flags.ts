/** The options about tasks: defaults for every task that does not set the same itself. */
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { defined } from '../../defined.ts'
import type { ResourceRequest } from '../../domain/tasks/resource-request.ts'
import type { PlacementRule } from '../../domain/tasks/task-constraints.ts'
import type { TaskRequest } from '../../domain/tasks/task-request.ts'
import { parseConstraint } from './constraint.ts'
import { containerOf, discoveryOf, impliedPorts } from './container-flags.ts'
import type { ContainerFlags } from './container-flags.ts'
import { forRepeated, toAmount, toCount } from './option-values.ts'

export interface TaskFlags extends ContainerFlags {
  readonly cpus?: number
  /** MB. */
  readonly mem?: number
  /** MB. */
  readonly disk?: number
  readonly gpus?: number
  /** How many, or which. */
  readonly ports?: number | readonly number[]
  readonly constraint?: readonly PlacementRule[]
  readonly pack?: boolean
  readonly env?: Readonly<Record<string, string>>
  readonly retries?: number
  /** Seconds. */
  readonly killGrace?: number
  /** Seconds. */
  readonly maxCompletion?: number
  /** Seconds. */
  readonly unreachable?: number
  /** Seconds. */
  readonly waitTimeout?: number
}

/** Adds the options to `command`. */
export function addTaskFlags(command: Command): Command {
  return command
    .optionsGroup('Each task, unless it sets its own:')
    .option('--cpus <number>', 'CPUs (default: 0.1 or 0.5, by kind of work)', toAmount)
    .option('--mem <mb>', 'memory in MB (default: 32 to 512, by kind of work)', toAmount)
    .option('--disk <mb>', 'disk in MB (default: none)', toAmount)
    .option('--gpus <number>', 'GPUs (default: none)', toCount(1))
    .option(
      '--ports <ports>',
      'number of ports (1 to 1000), or these ports: PORT,PORT; in $PORT0, $PORT1 …',
      toPorts,
    )
    .option(
      '--constraint <rule>',
      'where tasks may run: FIELD OPERATOR VALUE, as in "rack UNIQUE", "@zone GROUP_BY 3", "hostname LIKE db.*"; repeatable',
      forRepeated(collectConstraints),
    )
    .option('--pack', 'fill one agent before the next (default: spread tasks over agents)')
    .option(
      '--env <name=value>',
      'environment variable, not for secrets; repeatable',
      forRepeated(collectVariables),
    )
    .option('--retries <number>', 'how often to retry a failed task (default: 0)', toCount(0))
    .option('--kill-grace <seconds>', 'time between SIGTERM and SIGKILL (default: 3)', toAmount)
    .option(
      '--max-completion <seconds>',
      'longest run time; a task that takes longer fails (default: none)',
      toAmount,
    )
    .option(
      '--unreachable <seconds>',
      'launch a task elsewhere once its agent was unreachable for this long (default: never)',
      toAmount,
    )
    .option(
      '--wait-timeout <seconds>',
      'end tasks that fit no agent for this long (default: they wait)',
      toAmount,
    )
}

/**
 * The task with the flags as defaults. Its own settings come first. `isPlain`: it is a plain command,
 * with a container of its own; else that of the executor is its.
 */
export function withTaskDefaults(
  task: TaskRequest,
  flags: TaskFlags,
  { isPlain }: { readonly isPlain: boolean },
): TaskRequest {
  const { killGrace, maxCompletion, unreachable, waitTimeout, env } = flags
  const environment = { ...env, ...task.environment }
  return {
    ...defined({
      retry: retryOf(task, flags),
      killGraceMs: inMs(killGrace),
      maxCompletionMs: inMs(maxCompletion),
      unreachableMs: inMs(unreachable),
      waitTimeoutMs: inMs(waitTimeout),
      constraints: constraintsOf(flags),
      discovery: task.mesos?.discovery === undefined ? discoveryOf(flags) : undefined,
    }),
    ...(isPlain ? ownContainerOf(flags, task) : {}),
    ...task,
    ...(isPlain ? secretsOf(flags, task) : {}),
    ...(Object.keys(environment).length === 0 ? {} : { environment }),
    resources: { ...resourcesOf(flags), ...task.resources },
  }
}

function ownContainerOf(flags: TaskFlags, { mesos }: TaskRequest): Pick<TaskRequest, 'container'> {
  return defined({ container: mesos?.container === undefined ? containerOf(flags) : undefined })
}

function secretsOf(
  { envSecret }: TaskFlags,
  { secrets }: TaskRequest,
): Pick<TaskRequest, 'secrets'> {
  return envSecret === undefined ? {} : { secrets: { ...envSecret, ...secrets } }
}

/** The tasks of a group end together and are not retried one by one. */
function retryOf({ group }: TaskRequest, { retries }: TaskFlags): TaskRequest['retry'] {
  return retries === undefined || group !== undefined ? undefined : { maxAttempts: retries + 1 }
}

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000
}

function resourcesOf(flags: TaskFlags): ResourceRequest {
  const { cpus, mem, disk, gpus, ports = impliedPorts(flags) } = flags
  return defined({ cpus, memMb: mem, diskMb: disk, gpus, ports })
}

function constraintsOf({ constraint, pack }: TaskFlags): TaskRequest['constraints'] {
  if (constraint === undefined && pack === undefined) return undefined
  return defined({ rules: constraint, policy: pack === true ? ('pack' as const) : undefined })
}

/** One number up to 1000 is an amount; a list, or a number above, is the ports themselves. */
function toPorts(text: string): number | readonly number[] {
  const ports = text.split(',').map(Number)
  const [first = 0] = ports
  if (!/^\d+(,\d+)*,?$/.test(text) || first === 0) {
    throw new InvalidArgumentError('It must be a number of ports, 1 to 1000, or ports: PORT,PORT.')
  }
  return ports.length === 1 && first <= 1000 ? first : text.split(',').filter(Boolean).map(Number)
}

function collectConstraints(
  text: string,
  before: readonly PlacementRule[] = [],
): readonly PlacementRule[] {
  return [...before, parseConstraint(text)]
}

function collectVariables(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError('It must be NAME=VALUE.')
  }
  return { ...before, [name]: value }
}
