/** Asks the leading master for its agents, without registering. */
import { createMasterViews } from '../../client/agents/master-views.ts'
import type { Offer } from '../../mesos/types.generated.ts'
import type { FrameworkSettings } from '../options/settings.ts'
import { offersOfAgents } from './agent-offers.ts'

type Settings = Pick<FrameworkSettings, 'masters' | 'credentials' | 'tls' | 'roles'>

export interface Agents {
  /** Address of the master that answered. */
  readonly master: URL
  /** An offer for each agent, with its free resources. */
  readonly offers: readonly Offer[]
}

/** The agents of the leading master. Rejects as the requests of `createMasterViews`. */
export async function readAgents({ masters, roles, ...access }: Settings): Promise<Agents> {
  const { credentials, tls } = access
  const views = createMasterViews(masters, { credentials, tls })
  try {
    const offers = offersOfAgents(await views.agents(), roles)
    return { master: new URL(await views.url()), offers }
  } finally {
    views.close()
  }
}
