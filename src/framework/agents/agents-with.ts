import type { TaskConstraints } from '../../domain/tasks/task-constraints.ts'
import { compileConstraints } from '../../machines/scheduler/offers/matching/compiled-constraints.ts'
import type { Offer } from '../../mesos/types.generated.ts'

/**
 * Hosts of the agents that meet constraints, each once. Rules that count, such as `unique`, ask only
 * for the field that they count.
 */
export function agentsWith(
  agents: readonly Offer[],
  constraints: TaskConstraints,
): readonly string[] {
  const { admits } = compileConstraints(constraints)
  return [...new Set(agents.filter(admits).map(({ hostname }) => hostname))].toSorted()
}
