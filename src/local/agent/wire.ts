/** The way between an agent's process and the leading master. */
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
  /** The agent's process ended, which the master sees at once, or the master's did. */
  close(): void
}

export interface AgentWireOptions {
  readonly agent: Agent
  readonly master: LeadingMaster
  readonly delayMs: () => number
  readonly isCut: boolean
  /** More messages were kept than a connection holds: it is broken. */
  readonly onBroken: () => void
}

export function connectAgent(options: AgentWireOptions): AgentWire {
  const { agent, delayMs, isCut, master } = options
  const onOverflow = options.onBroken
  const toAgent = createMessagePipe({ delayMs, isCut, onOverflow })
  const toMaster = createMessagePipe({ delayMs, isCut, onOverflow })
  const link: AgentLink = {
    ...throughPipe(toAgent, agent),
    info: agent.info,
    url: agent.url,
    total: agent.total,
    ping: () => toAgent.send(() => toMaster.send(() => master.pong(agent.id))),
  }
  return {
    master: throughPipe(toMaster, master),
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

type Calls<T> = { readonly [K in keyof T]: T[K] extends (...args: never[]) => void ? T[K] : never }

/** Every call of `target` as a message: its methods give nothing back. */
function throughPipe<T extends object>(pipe: MessagePipe, target: T): Calls<T> {
  return new Proxy(target, {
    get(_target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return (...args: unknown[]) => pipe.send(() => void Reflect.apply(method, target, args))
    },
  }) as Calls<T>
}
