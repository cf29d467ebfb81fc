/**
 * Applies an operation on resources to offers: at once in the master's allocator, then on the
 * agent.
 * Source: apache/mesos src/master/master.cpp (_accept, _apply).
 */
import { conversionsOf } from '../../resources/resource-operations.ts'
import type { Conversion, ResourceOperation } from '../../resources/resource-operations.ts'
import { formatAmounts } from '../../resources/resource-text.ts'
import {
  addAmounts,
  containsAmounts,
  noAmounts,
  subtractAmounts,
} from '../../resources/resources.ts'
import type { Amounts } from '../../resources/resources.ts'
import type { Allocation } from '../allocation/agent-pools.ts'
import type { Framework, MasterAgent, MasterState } from '../state/master-state.ts'
import { sendOperation, sendOperationStatus } from './operation-state.ts'
import { findOperationError } from './operation-validation.ts'

/** The rest of the offers. Resized volumes cannot be used in the same call. */
export interface Left {
  readonly remaining: Amounts
  readonly resized: Amounts
}

export function performOperation(
  master: MasterState,
  operation: ResourceOperation,
  { agentId, framework, role }: Allocation & { readonly framework: Framework },
  left: Left,
): Left {
  const agent = master.agents.get(agentId)
  const total = master.allocator.totalOf(agentId)
  if (agent === undefined || total === undefined) return left
  const used = usedOn(master, agentId)
  const error = findOperationError(operation, { framework: framework.info, role, total, used })
  const conversions = error === undefined ? conversionsOf(operation, role) : []
  const applied = apply(operation, conversions, role, left)
  const message = error === undefined ? applied.error : `${error}; on agent ${describe(agent)}`
  if (message !== undefined) {
    const { id: operationId } = operation
    if (operationId === undefined) return left
    sendOperationStatus(framework, { operationId, state: 'OPERATION_ERROR', message })
    return left
  }
  for (const { consumed, converted } of conversions) {
    master.allocator.convert({ agentId, frameworkId: framework.id, role }, consumed, converted)
  }
  sendOperation(framework, agent, { operation, conversions })
  return applied.left
}

function apply(
  { type }: ResourceOperation,
  conversions: readonly Conversion[],
  role: string,
  left: Left,
): { readonly left: Left; readonly error?: string } {
  const isResize = type === 'GROW_VOLUME' || type === 'SHRINK_VOLUME'
  let { remaining, resized } = left
  for (const { consumed, converted } of conversions) {
    if (!containsAmounts(remaining, consumed)) {
      const prefix = isResize ? `Invalid ${type} operation: ` : ''
      const [has, wants] = [remaining, consumed].map((amounts) => formatAmounts(amounts, role))
      return { left, error: `${prefix}${has} does not contain ${wants}` }
    }
    const rest = subtractAmounts(remaining, consumed)
    remaining = isResize ? rest : addAmounts(rest, converted)
    resized = addAmounts(resized, isResize ? converted : noAmounts)
  }
  return { left: { remaining, resized } }
}

function usedOn(master: MasterState, agentId: string): Amounts[] {
  return [...master.frameworks.values()].flatMap(({ executors, tasks }) => [
    ...[...tasks.values()]
      .filter((task) => task.agentId === agentId && !task.isReleased)
      .map(({ allocation }) => allocation.amounts),
    ...[...(executors.get(agentId)?.values() ?? [])].map(({ allocation }) => allocation.amounts),
  ])
}

/** An agent's name in Mesos' messages. */
function describe({ id, link }: MasterAgent): string {
  const { ip, port } = link.url.address
  return `${id} at slave(1)@${ip}:${port} (${link.info.hostname})`
}
