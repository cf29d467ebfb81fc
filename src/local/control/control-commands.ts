/** The commands on a cluster: one table for HTTP and the terminal. */
import type { ClusterControl } from './cluster-control.ts'
import { refused } from './control-status.ts'

/** The kind of name that a command takes: `agent-1`, `master-0`, a framework's id. */
export type CommandTarget = 'agents' | 'masters' | 'frameworks'

export interface ControlCommand {
  /** In the terminal: `VERB TARGET`, or `VERB VALUE`. */
  readonly verb: string
  /** Undefined: the whole cluster. */
  readonly target?: CommandTarget
  /** Name in JSON of the number that it takes. */
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
  on(
    'agents',
    'kill',
    'killAgent',
    'kill the process of an agent (SIGKILL); its executors live on',
  ),
  on('agents', 'start', 'startAgent', 'start an agent that was killed'),
  on('agents', 'restart', 'restartAgent', 'kill an agent and start it again'),
  on('agents', 'cut', 'cutAgent', 'cut the network between an agent and the masters'),
  on('agents', 'heal', 'healAgent', 'connect an agent and the masters again'),
  on('agents', 'gone', 'markAgentGone', 'mark an agent gone, and end its tasks'),
  on('agents', 'drain', 'drainAgent', 'kill the tasks of an agent, and offer nothing of it'),
  on('agents', 'reactivate', 'reactivateAgent', 'offer resources of a drained agent again'),
  on(
    'agents',
    'fill-disk',
    'fillDisk',
    'simulate a full disk of an agent: it can fetch and start nothing',
  ),
  on('agents', 'free-disk', 'freeDisk', 'end the simulation of a full disk'),
  on('masters', 'kill', 'killMaster', 'kill the process of a master (SIGKILL)'),
  on('masters', 'start', 'startMaster', 'start a master that was killed'),
  on('masters', 'restart', 'restartMaster', 'kill a master and start it again'),
  on('masters', 'lead', 'leadMaster', 'make a master the leader; the leader before restarts'),
  on('frameworks', 'cut', 'cutFramework', 'cut the network between a framework and the master'),
  on('frameworks', 'heal', 'healFramework', 'connect a framework and the master again'),
  on('frameworks', 'disconnect', 'disconnectFramework', 'reset the event stream of a framework'),
  {
    verb: 'resign',
    path: '/masters/resign',
    summary: 'end leadership: no master leads until `lead`',
    run: (control) => control.resign(),
  },
  {
    verb: 'allocate',
    path: '/allocate',
    summary: 'run an allocation round of the leading master now',
    run: (control) => control.allocate(),
  },
  {
    verb: 'delay',
    value: 'delayMs',
    path: '/network',
    summary: 'delay every message by this number of milliseconds, one way',
    run: (control, _target, delayMs) => control.setDelay(delayMs),
  },
]

/**
 * Runs a line of the terminal, such as `kill agent-1`. Rejects with COMMAND_REFUSED for an unknown
 * command.
 */
export async function runLine(control: ClusterControl, line: string): Promise<unknown> {
  const [verb = '', argument = '', ...rest] = line.trim().split(/\s+/u)
  if (verb === 'status' && argument === '') return control.status()
  const candidates = controlCommands.filter((command) => command.verb === verb)
  if (candidates.length === 0) throw refused('unknown', `There is no command '${verb}'; try help`)
  const command = candidates.find((each) => takes(control, each, argument)) ?? candidates[0]
  if (command === undefined || rest.length > 0 || needsArgument(command) !== (argument !== '')) {
    throw refused('value', `Usage: ${candidates.map(usageOf).join(', or ')}`)
  }
  return command.run(control, argument, Number(argument))
}

/** `kill agent-1` is `kill AGENT`. */
export function usageOf({ target, value, verb }: ControlCommand): string {
  const argument = target?.slice(0, -1).toUpperCase() ?? value?.toUpperCase()
  return argument === undefined ? verb : `${verb} ${argument}`
}

/** The names that a command takes now. */
export function targetsOf(control: ClusterControl, target: CommandTarget): string[] {
  const { agents, frameworks, masters } = control.status()
  if (target === 'frameworks') return frameworks.map(({ id }) => id)
  return (target === 'agents' ? agents : masters).map(({ name }) => name)
}

function needsArgument({ target, value }: ControlCommand): boolean {
  return target !== undefined || value !== undefined
}

function takes(control: ClusterControl, { target }: ControlCommand, argument: string): boolean {
  return target !== undefined && targetsOf(control, target).includes(argument)
}
