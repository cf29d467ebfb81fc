/** Which hosts have which libraries, as far as their executors have told. */
import type { SchedulerFact } from '../machines/scheduler-events.ts'
import { parseExecutorMessage } from '../domain/task-work.ts'
import { decodeText } from './facts.ts'

export interface LibraryHolders {
  /** Takes in what the scheduler machine says, in order; most of it is about other things. */
  take(fact: SchedulerFact): void
  /** Names of the hosts that have the library, or ids of their agents where no name is known; in order of their telling. */
  of(sha256: string): readonly string[]
}

/** Nobody has anything yet. An agent that was lost has nothing any more. */
export function createLibraryHolders(): LibraryHolders {
  const agents = new Map<string, Set<string>>()
  const hostnames = new Map<string, string>()
  return {
    take(fact) {
      if (fact.type === 'task.launched') hostnames.set(fact.agentId, fact.hostname)
      if (fact.type === 'agent.failed')
        for (const holders of agents.values()) holders.delete(fact.agentId)
      if (fact.type !== 'executor.message') return
      const message = parseExecutorMessage(decodeText(fact.data))
      if (message?.type !== 'library.fetched') return
      const holders = agents.get(message.sha256) ?? new Set()
      agents.set(message.sha256, holders.add(fact.agentId.value))
    },
    of: (sha256) =>
      Array.from(agents.get(sha256) ?? [], (agentId) => hostnames.get(agentId) ?? agentId),
  }
}
