import type * as http from 'node:http'
import { Agent } from '@npmcli/agent'
import { defined } from '../../defined.ts'

export interface AgentsOptions {
  /** Longest time without data, or with less than 256 bytes a second. Default 30,000. */
  readonly idleTimeoutMs?: number
  /** Bound of one handshake. Default 10,000. */
  readonly connectTimeoutMs?: number
  /** Connections per server. Default 8. */
  readonly maxSockets?: number
}

/** Connections to servers, one agent for each proxy and one without. */
export class Agents {
  readonly #options: AgentsOptions
  /** By proxy. */
  readonly #agents = new Map<string | undefined, http.Agent>()

  constructor(options: AgentsOptions) {
    this.#options = options
  }

  for(proxy: string | undefined): http.Agent {
    const agent = this.#agents.get(proxy) ?? this.#create(proxy)
    this.#agents.set(proxy, agent)
    return agent
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy()
  }

  #create(proxy: string | undefined): http.Agent {
    const { idleTimeoutMs = 30_000, connectTimeoutMs = 10_000, maxSockets = 8 } = this.#options
    return new Agent({
      keepAlive: true,
      maxSockets,
      ...defined({ proxy }),
      timeouts: { connection: connectTimeoutMs, idle: idleTimeoutMs },
    }) as http.Agent
  }
}
