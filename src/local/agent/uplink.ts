/**
 * Keeps an agent registered: with the leading master, with each next one, and again after the
 * master removed it as unreachable.
 * Source: apache/mesos src/slave/slave.cpp (detected, doReliableRegistration, pingTimeout).
 */
import type { LeadingMaster, MasterLink } from '../network/links.ts'
import { startTimer } from '../time/timers.ts'
import type { Agent } from './agent.ts'
import { connectAgent } from './wire.ts'
import type { AgentWire } from './wire.ts'

export interface AgentUplink {
  /** Calls to the leading master; dropped while there is none. */
  readonly link: MasterLink
  readonly isCut: boolean
  setCut(isCut: boolean): void
  /** Follows another master, or none. */
  follow(leader: LeadingMaster | undefined): void
  /** Disconnects: the agent's process ended. A master behind a cut network does not notice. */
  stop(): void
  /** Registers again: the agent's process has recovered. */
  start(): void
}

export interface AgentUplinkOptions {
  readonly delayMs: () => number
  /** Delay before it registers again. */
  readonly backoffMs: number
}

export function createAgentUplink(
  { backoffMs, delayMs }: AgentUplinkOptions,
  agentOf: () => Agent,
): AgentUplink {
  let leader: LeadingMaster | undefined
  let wire: AgentWire | undefined
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let isCut = false
  let isAdmitted = false

  function disconnect(): void {
    clearTimeout(timer)
    wire?.close()
    wire = undefined
    agentOf().disconnected()
  }

  function connect(): void {
    const agent = agentOf()
    if (leader === undefined || isStopped) return
    wire = connectAgent({ agent, master: leader, delayMs, isCut, onBroken: reconnect })
    if (isAdmitted) wire.reregister(agent.report())
    else wire.register()
    isAdmitted = true
    agent.registered()
  }

  function reconnect(): void {
    disconnect()
    timer = startTimer(connect, isAdmitted ? backoffMs : 0)
  }

  return {
    link: {
      updateStatus: (...args) => wire?.master.updateStatus(...args),
      updateOperation: (...args) => wire?.master.updateOperation(...args),
      reportExecutorExit: (...args) => wire?.master.reportExecutorExit(...args),
      sendMessage: (...args) => wire?.master.sendMessage(...args),
      pong: (agentId) => wire?.master.pong(agentId),
    },
    get isCut() {
      return isCut
    },
    setCut(next) {
      isCut = next
      wire?.setCut(isCut)
      const { id } = agentOf()
      // After so long without pings, the agent knows that the master removed it.
      if (!isCut && leader !== undefined && !leader.hasAgent(id)) reconnect()
    },
    follow(next) {
      leader = next
      if (isStopped) return
      if (isAdmitted) reconnect()
      else connect()
    },
    stop() {
      isStopped = true
      disconnect()
      if (!isCut) leader?.disconnectAgent(agentOf().id)
    },
    start() {
      isStopped = false
      reconnect()
    },
  }
}
