/** The options about tasks that `run` and `exec` share: they hold for every task that says nothing itself. */
import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import type { ResourceRequest } from '../../domain/tasks/resource-request.ts'
import type { PlacementRule } from '../../domain/tasks/task-constraints.ts'
import type { TaskRequest } from '../../domain/tasks/task-request.ts'
import { parseConstraint } from './constraint.ts'
import { toAmount, toCount } from './option-values.ts'

export interface TaskFlags {
  readonly cpus?: number
  /** MB. */
  readonly mem?: number
  /** MB. */
  readonly disk?: number
  readonly gpus?: number
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
}

/** Adds the options to `command`. */
export function addTaskFlags(command: Command): Command {
  return command
    .option('--cpus <number>', 'of each task (default: by its kind, 0.1 or 0.5)', toAmount)
    .option('--mem <mb>', 'memory of each task, MB (default: by its kind, 32 to 512)', toAmount)
    .option('--disk <mb>', 'disk of each task, MB (default: none)', toAmount)
    .option('--gpus <number>', 'GPUs of each task (default: none)', toCount(1))
    .option(
      '--ports <ports>',
      'how many ports (1 to 1000), or these: PORT,PORT; see $PORT0',
      toPorts,
    )
    .option(
      '--constraint <rule>',
      'where tasks may run: FIELD OPERATOR VALUE, as in "rack UNIQUE", "@zone GROUP_BY 3", "hostname LIKE db.*"; repeatable',
      collectConstraints,
    )
    .option('--pack', 'fill one agent before the next; else tasks are spread')
    .option('--env <name=value>', 'variable for the tasks, no secret; repeatable', collectVariables)
    .option('--retries <number>', 'how often a failed task is tried again (default: 0)', toCount(0))
    .option('--kill-grace <seconds>', 'between SIGTERM and SIGKILL (default: 3)', toAmount)
    .option('--max-completion <seconds>', 'a task fails that takes longer', toAmount)
    .option(
      '--unreachable <seconds>',
      'a task whose agent is unreachable for so long is launched elsewhere (default: never)',
      toAmount,
    )
}

/** A task with what the flags say where it says nothing itself. */
export function withTaskDefaults(task: TaskRequest, flags: TaskFlags): TaskRequest {
  const { retries, killGrace, maxCompletion, unreachable, env } = flags
  const constraints = constraintsOf(flags)
  const environment = { ...env, ...task.environment }
  return {
    // The tasks of a group are not tried again one by one.
    ...(retries === undefined || task.group !== undefined
      ? {}
      : { retry: { maxAttempts: retries + 1 } }),
    ...(killGrace === undefined ? {} : { killGraceMs: killGrace * 1000 }),
    ...(maxCompletion === undefined ? {} : { maxCompletionMs: maxCompletion * 1000 }),
    ...(unreachable === undefined ? {} : { unreachableMs: unreachable * 1000 }),
    ...(constraints === undefined ? {} : { constraints }),
    ...task,
    ...(Object.keys(environment).length === 0 ? {} : { environment }),
    resources: { ...resourcesOf(flags), ...task.resources },
  }
}

function resourcesOf({ cpus, mem, disk, gpus, ports }: TaskFlags): ResourceRequest {
  return {
    ...(cpus === undefined ? {} : { cpus }),
    ...(mem === undefined ? {} : { memMb: mem }),
    ...(disk === undefined ? {} : { diskMb: disk }),
    ...(gpus === undefined ? {} : { gpus }),
    ...(ports === undefined ? {} : { ports }),
  }
}

function constraintsOf({ constraint, pack }: TaskFlags): TaskRequest['constraints'] {
  if (constraint === undefined && pack === undefined) return undefined
  return {
    ...(constraint === undefined ? {} : { rules: constraint }),
    ...(pack === true ? { policy: 'pack' as const } : {}),
  }
}

/** A small number is how many, a list or a number above is which. */
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
