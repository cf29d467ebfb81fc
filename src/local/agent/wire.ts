/** The connection between an agent's process and the leading master. */
import type { AgentLink, AgentReport, LeadingMaster, MasterLink } from '../network/links.ts'
import { createMessagePipe } from '../network/message-pipe.ts'
import type { MessagePipe } from '../network/message-pipe.ts'
import type { Agent } from './agent.ts'

export interface AgentWire {
  /** The agent's end. */
  readonly master: MasterLink
  register(): void
  reregister(report: AgentReport): void
  setCut(isCut: boolean): void
  /** Ends the connection: one of the two processes ended. */
  close(): void
}

export interface AgentWireOptions {
  readonly agent: Agent
  readonly master: LeadingMaster
  readonly delayMs: () => number
  readonly isCut: boolean
  /** Called when a cut connection holds too many messages: it breaks. */
  readonly onBroken: () => void
}

const agentCalls = [
  'runTask',
  'runTaskGroup',
  'killTask',
  'drain',
  'shutdownExecutor',
  'shutdownFramework',
  'sendMessage',
  'acknowledge',
  'applyOperation',
  'acknowledgeOperation',
  'resendUpdates',
  'reconcileTasks',
  'shutDown',
] as const satisfies readonly (keyof AgentLink)[]

const masterCalls = [
  'updateStatus',
  'updateOperation',
  'reportExecutorExit',
  'sendMessage',
  'pong',
] as const satisfies readonly (keyof MasterLink)[]

/** Carries calls between an agent and the leading master, with the network's delay. */
export function connectAgent(options: AgentWireOptions): AgentWire {
  const { agent, delayMs, isCut, master } = options
  const onOverflow = options.onBroken
  const toAgent = createMessagePipe({ delayMs, isCut, onOverflow })
  const toMaster = createMessagePipe({ delayMs, isCut, onOverflow })
  const link: AgentLink = {
    ...throughPipe(toAgent, agent, agentCalls),
    info: agent.info,
    url: agent.url,
    total: agent.total,
    ping: () => toAgent.send(() => toMaster.send(() => master.pong(agent.id))),
  }
  return {
    master: throughPipe(toMaster, master, masterCalls),
    register: () => toMaster.send(() => master.addAgent(link)),
    reregister: (report) => toMaster.send(() => master.reregister(link, report)),
    setCut(next) {
      toAgent.setCut(next)
      toMaster.setCut(next)
    },
    close() {
      toAgent.close()
      toMaster.close()
    },
  }
}

/** The methods of `target` with these names, each call as a message: nothing is returned. */
function throughPipe<T, Name extends keyof T>(
  pipe: MessagePipe,
  target: T,
  names: readonly Name[],
): Pick<T, Name> {
  const calls = names.map((name) => [
    name,
    (...args: unknown[]) =>
      pipe.send(() => (target[name] as (...given: unknown[]) => void).apply(target, args)),
  ])
  return Object.fromEntries(calls) as Pick<T, Name>
}
