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

export interface AgentUplinkOptions {
  readonly delayMs: () => number
  /** Delay before it registers again. */
  readonly backoffMs: number
}

export class AgentUplink {
  /** Calls to the leading master; dropped while there is none. */
  readonly link: MasterLink = {
    updateStatus: (...args) => this.#wire?.master.updateStatus(...args),
    updateOperation: (...args) => this.#wire?.master.updateOperation(...args),
    reportExecutorExit: (...args) => this.#wire?.master.reportExecutorExit(...args),
    sendMessage: (...args) => this.#wire?.master.sendMessage(...args),
    pong: (agentId) => this.#wire?.master.pong(agentId),
  }
  readonly #options: AgentUplinkOptions
  readonly #agentOf: () => Agent
  #leader: LeadingMaster | undefined
  #wire: AgentWire | undefined
  #timer: NodeJS.Timeout | undefined
  #isStopped = false
  #isCut = false
  #isAdmitted = false

  constructor(options: AgentUplinkOptions, agentOf: () => Agent) {
    this.#options = options
    this.#agentOf = agentOf
  }

  get isCut(): boolean {
    return this.#isCut
  }

  setCut(isCut: boolean): void {
    this.#isCut = isCut
    this.#wire?.setCut(isCut)
    const { id } = this.#agentOf()
    // After so long without pings, the agent knows that the master removed it.
    if (!isCut && this.#leader !== undefined && !this.#leader.hasAgent(id)) this.#reconnect()
  }

  /** Follows another master, or none. */
  follow(leader: LeadingMaster | undefined): void {
    this.#leader = leader
    if (this.#isStopped) return
    if (this.#isAdmitted) this.#reconnect()
    else this.#connect()
  }

  /** Disconnects: the agent's process ended. A master behind a cut network does not notice. */
  stop(): void {
    this.#isStopped = true
    this.#disconnect()
    if (!this.#isCut) this.#leader?.disconnectAgent(this.#agentOf().id)
  }

  /** Registers again: the agent's process has recovered. */
  start(): void {
    this.#isStopped = false
    this.#reconnect()
  }

  #disconnect(): void {
    clearTimeout(this.#timer)
    this.#wire?.close()
    this.#wire = undefined
    this.#agentOf().disconnected()
  }

  #connect(): void {
    const agent = this.#agentOf()
    if (this.#leader === undefined || this.#isStopped) return
    const wire = connectAgent({
      agent,
      master: this.#leader,
      delayMs: this.#options.delayMs,
      isCut: this.#isCut,
      onBroken: () => this.#reconnect(),
    })
    this.#wire = wire
    if (this.#isAdmitted) wire.reregister(agent.report())
    else wire.register()
    this.#isAdmitted = true
    agent.registered()
  }

  #reconnect(): void {
    this.#disconnect()
    this.#timer = startTimer(() => this.#connect(), this.#isAdmitted ? this.#options.backoffMs : 0)
  }
}
