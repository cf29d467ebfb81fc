/**
 * Agents in answers of the operator API.
 * Source: apache/mesos src/common/protobuf_utils.cpp (createAgentResponse).
 */
import { defined } from '../../../defined.ts'
import type {
  MasterResponseGetAgents,
  MasterResponseGetAgentsAgent,
  Resource,
} from '../../../mesos/types.generated.ts'
import { agentCapabilities } from '../../messages/agent-capabilities.ts'
import { mesosVersion } from '../../messages/version.ts'
import { toEndpointFormat } from '../../resources/quantities.ts'
import { toResources } from '../../resources/resources.ts'
import { toTimeInfo } from '../../time/time-info.ts'
import { isActive } from '../state/master-state.ts'
import type { MasterAgent, MasterState } from '../state/master-state.ts'
import { offersByHolder, usedByAgent } from './holdings.ts'

export function getAgents(master: MasterState): MasterResponseGetAgents {
  const outstanding = offersByHolder(master)
  const used = usedByAgent(master)
  return {
    agents: [...master.agents.values()].map((agent) =>
      describeAgent(agent, {
        used: used.get(agent.id) ?? [],
        offered: (outstanding.ofAgent.get(agent.id) ?? []).flatMap(
          ({ resources }) => resources ?? [],
        ),
      }),
    ),
    recoveredAgents: [...master.recoveredAgents.values()],
  }
}

interface Holdings {
  readonly used: readonly Resource[]
  readonly offered: readonly Resource[]
}

export function describeAgent(
  agent: MasterAgent,
  { offered, used }: Holdings,
): MasterResponseGetAgentsAgent {
  const { info, url } = agent.link
  const { drainInfo, drainStartedAt } = agent
  const allocatedResources = toEndpointFormat(used)
  const offeredResources = toEndpointFormat(offered)
  return {
    agentInfo: info,
    active: isActive(agent),
    deactivated: agent.isDeactivated,
    version: mesosVersion,
    pid: `slave(1)@${url.address.ip}:${url.address.port}`,
    registeredTime: toTimeInfo(agent.registeredAt),
    totalResources: toEndpointFormat(toResources(agent.total)),
    ...(allocatedResources.length === 0 ? {} : { allocatedResources }),
    ...(offeredResources.length === 0 ? {} : { offeredResources }),
    capabilities: agentCapabilities,
    ...defined({
      drainInfo,
      estimatedDrainStartTime:
        drainInfo === undefined || drainStartedAt === undefined
          ? undefined
          : toTimeInfo(Math.floor(drainStartedAt)),
    }),
  }
}
