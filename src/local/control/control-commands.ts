/** The commands of a cluster: one table for code, HTTP and the terminal. */
import { refused } from './control-status.ts'
import type { ClusterControl } from './control.ts'

/** What a command is given: `agent-1`, `master-0`, a framework's id; nothing. */
export type CommandTarget = 'agents' | 'masters' | 'frameworks'

export interface ControlCommand {
  /** In the terminal: `VERB TARGET`, or `VERB VALUE`. */
  readonly verb: string
  /** Undefined: the whole cluster. */
  readonly target?: CommandTarget
  /** A number that it takes, by the name it has in JSON. */
  readonly value?: string
  /** Over HTTP: POST, with the target's name in place of `NAME`. */
  readonly path: string
  readonly summary: string
  readonly run: (control: ClusterControl, target: string, value: number) => Promise<unknown>
}

type TargetMethod = {
  [K in keyof ClusterControl]: ClusterControl[K] extends (name: string) => Promise<unknown>
    ? K
    : never
}[keyof ClusterControl]

function on(
  target: CommandTarget,
  verb: string,
  method: TargetMethod,
  summary: string,
): ControlCommand {
  const path = `/${target}/NAME/${verb}`
  return { verb, target, path, summary, run: (control, name) => control[method](name) }
}

export const controlCommands: readonly ControlCommand[] = [
  on('agents', 'kill', 'killAgent', 'SIGKILL the process of an agent; its executors live on'),
  on('agents', 'start', 'startAgent', 'start an agent that was killed'),
  on('agents', 'restart', 'restartAgent', 'kill an agent and start it again'),
  on('agents', 'cut', 'cutAgent', 'let nothing pass between an agent and the masters'),
  on('agents', 'heal', 'healAgent', 'let it pass again'),
  on('agents', 'gone', 'markAgentGone', 'mark an agent gone: its tasks are given up, and ended'),
  on('agents', 'drain', 'drainAgent', 'offer nothing of an agent, and kill its tasks'),
  on('agents', 'reactivate', 'reactivateAgent', 'offer its resources again, once it is drained'),
  on(
    'agents',
    'fill-disk',
    'fillDisk',
    'let an agent have no space left to fetch or start anything',
  ),
  on('agents', 'free-disk', 'freeDisk', 'give it space again'),
  on('masters', 'kill', 'killMaster', 'SIGKILL the process of a master'),
  on('masters', 'start', 'startMaster', 'start a master that was killed'),
  on('masters', 'restart', 'restartMaster', 'kill a master and start it again'),
  on('masters', 'lead', 'leadMaster', 'make a master the leader; the last one starts anew'),
  on('frameworks', 'cut', 'cutFramework', 'let nothing pass between a framework and the master'),
  on('frameworks', 'heal', 'healFramework', 'let it pass again'),
  on('frameworks', 'disconnect', 'disconnectFramework', 'reset the event stream of a framework'),
  {
    verb: 'resign',
    path: '/masters/resign',
    summary: 'let no master lead, until one is told to',
    run: (control) => control.resign(),
  },
  {
    verb: 'allocate',
    path: '/allocate',
    summary: 'let the leading master offer what is free, now',
    run: (control) => control.allocate(),
  },
  {
    verb: 'delay',
    value: 'delayMs',
    path: '/network',
    summary: 'let every message take so many milliseconds, one way',
    run: (control, _target, delayMs) => control.setDelay(delayMs),
  },
]

/** Runs a line of the terminal, such as `kill agent-1`. Rejects with COMMAND_REFUSED for what is no command. */
export async function runLine(control: ClusterControl, line: string): Promise<unknown> {
  const [verb = '', argument = '', ...rest] = line.trim().split(/\s+/u)
  if (verb === 'status' && argument === '') return control.status()
  const candidates = controlCommands.filter((command) => command.verb === verb)
  if (candidates.length === 0) throw refused('unknown', `There is no command '${verb}'; try help`)
  const command = candidates.find((each) => takes(control, each, argument)) ?? candidates[0]
  if (command === undefined || rest.length > 0 || isNeeded(command) !== (argument !== '')) {
    throw refused('value', `It is: ${candidates.map(usageOf).join(', or ')}`)
  }
  return command.run(control, argument, Number(argument))
}

/** `kill agent-1` is `kill AGENT`. */
export function usageOf({ target, value, verb }: ControlCommand): string {
  const argument = target?.slice(0, -1).toUpperCase() ?? value?.toUpperCase()
  return argument === undefined ? verb : `${verb} ${argument}`
}

/** The names that a command may be given now. */
export function targetsOf(control: ClusterControl, target: CommandTarget): string[] {
  const { agents, frameworks, masters } = control.status()
  if (target === 'frameworks') return frameworks.map(({ id }) => id)
  return (target === 'agents' ? agents : masters).map(({ name }) => name)
}

function isNeeded({ target, value }: ControlCommand): boolean {
  return target !== undefined || value !== undefined
}

function takes(control: ClusterControl, { target }: ControlCommand, argument: string): boolean {
  return target !== undefined && targetsOf(control, target).includes(argument)
}
