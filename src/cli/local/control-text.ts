/** The result of a control command as text. */
import type {
  AgentState,
  ClusterStatus,
  FrameworkState,
  MasterState,
  NetworkState,
} from '../../local/control/control-status.ts'
import { printable } from '../output/printable.ts'

type Outcome = AgentState | ClusterStatus | FrameworkState | MasterState | NetworkState

export function describeOutcome(outcome: unknown): string {
  const known = outcome as Outcome
  if ('agents' in known) return describeStatus(known)
  if ('delayMs' in known) return `network: every message takes ${known.delayMs} ms`
  if ('isConnected' in known) return describeFramework(known)
  return 'isDiskFull' in known ? describeAgent(known) : describeMaster(known)
}

function describeStatus({ agents, frameworks, masters, network }: ClusterStatus): string {
  return [
    ...masters.map(describeMaster),
    ...agents.map(describeAgent),
    ...frameworks.map(describeFramework),
    describeOutcome(network),
  ].join('\n')
}

function describeMaster({ name, state, url }: MasterState): string {
  return `${name}: ${state}, ${url}`
}

function describeAgent({ isCut, isDiskFull, name, state, url }: AgentState): string {
  return `${name}: ${state}${isCut ? ', cut' : ''}${isDiskFull ? ', disk full' : ''}, ${url}`
}

function describeFramework({ id, isConnected, isCut, name }: FrameworkState): string {
  const connection = isConnected ? 'connected' : 'away'
  return `${id}: ${connection}${isCut ? ', cut' : ''}, ${printable(name)}`
}
