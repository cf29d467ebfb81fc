/**
 * Handles each scheduler call, after framework and stream were checked.
 * Source: apache/mesos docs/scheduler-http-api.md.
 */
import { isTerminal } from '../../../mesos/states.ts'
import type {
  SchedulerCall,
  SchedulerCallAcknowledge,
  SchedulerCallDecline,
  SchedulerCallKill,
  SchedulerCallReconcileOperations,
  SchedulerCallReconcileTask,
} from '../../../mesos/types.generated.ts'
import { accepted } from '../../http/http.ts'
import type { Answer } from '../../http/http.ts'
import type { AgentLink } from '../../network/links.ts'
import type { FrameworkRegistry } from '../frameworks/framework-registry.ts'
import { answerInverseOffers } from '../offers/inverse-offer-book.ts'
import { takeOffers } from '../offers/offer-book.ts'
import { acknowledgeOperation, sendOperationStatus } from '../operations/operation-state.ts'
import type { Framework, MasterState } from '../state/master-state.ts'
import { completeTask } from '../state/records.ts'
import { acceptOffers } from './accept.ts'
import { reconcileOperations, reconcileTasks } from './reconcile.ts'

/** Answers 202; UPDATE_FRAMEWORK: 200 or 400. */
export function handleCall(
  master: MasterState,
  registry: FrameworkRegistry,
  framework: Framework,
  call: SchedulerCall,
): Answer {
  if (call.type === 'UNKNOWN') return { status: 501 }
  if (call.type === 'UPDATE_FRAMEWORK') return registry.update(framework, call.updateFramework)
  perform(master, registry, framework, call)
  return accepted
}

function perform(
  master: MasterState,
  registry: FrameworkRegistry,
  framework: Framework,
  call: SchedulerCall,
): void {
  switch (call.type) {
    case 'TEARDOWN':
      return registry.remove(framework)
    case 'ACCEPT':
      return acceptOffers(master, framework, call.accept)
    case 'DECLINE':
      return decline(master, framework, call.decline)
    case 'REVIVE':
      return master.allocator.revive(framework.id, call.revive?.roles ?? [])
    case 'SUPPRESS':
      return master.allocator.suppress(framework.id, call.suppress?.roles ?? [])
    case 'KILL':
      return kill(master, framework, call.kill)
    case 'ACKNOWLEDGE':
      return acknowledge(master, framework, call.acknowledge)
    case 'RECONCILE':
      return reconcile(master, framework, call.reconcile.tasks ?? [])
    case 'RECONCILE_OPERATIONS':
      return sendOperations(master, framework, call.reconcileOperations)
    case 'SHUTDOWN': {
      const { agentId, executorId } = call.shutdown
      return linkOf(master, agentId.value)?.shutdownExecutor(framework.id, executorId.value)
    }
    case 'MESSAGE': {
      const { agentId, data, executorId } = call.message
      return linkOf(master, agentId.value)?.sendMessage(framework.id, executorId.value, data)
    }
    case 'ACKNOWLEDGE_OPERATION_STATUS':
      return acknowledgeOperation(master, framework, call.acknowledgeOperationStatus)
    case 'ACCEPT_INVERSE_OFFERS': {
      const { filters, inverseOfferIds } = call.acceptInverseOffers
      const answer = { status: 'ACCEPT', filters } as const
      return answerInverseOffers(master, framework.id, inverseOfferIds, answer)
    }
    case 'DECLINE_INVERSE_OFFERS': {
      const { filters, inverseOfferIds } = call.declineInverseOffers
      const answer = { status: 'DECLINE', filters } as const
      return answerInverseOffers(master, framework.id, inverseOfferIds, answer)
    }
    default:
    // REQUEST: Mesos' own allocator ignores it too.
  }
}

function linkOf(master: MasterState, agentId: string): AgentLink | undefined {
  return master.agents.get(agentId)?.link
}

function decline(
  master: MasterState,
  framework: Framework,
  { filters, offerIds = [] }: SchedulerCallDecline,
): void {
  const ids = offerIds.map(({ value }) => value)
  for (const allocation of takeOffers(master, framework.id, ids)) {
    framework.traffic.offers.declined += 1
    master.allocator.recover(allocation, { filters })
  }
}

/**
 * Answers for an unknown task as RECONCILE does. Ignores the call for a known task on another
 * agent.
 */
function kill(master: MasterState, framework: Framework, call: SchedulerCallKill): void {
  const { agentId, killPolicy, taskId } = call
  const task = framework.tasks.get(taskId.value)
  if (task === undefined) reconcile(master, framework, [call])
  else if (agentId === undefined || agentId.value === task.agentId) {
    task.isKilled = true
    linkOf(master, task.agentId)?.killTask(framework.id, taskId.value, killPolicy)
  }
}

function acknowledge(
  master: MasterState,
  framework: Framework,
  { agentId, taskId, uuid }: SchedulerCallAcknowledge,
): void {
  const lastUpdate = framework.tasks.get(taskId.value)?.lastUpdate
  if (lastUpdate?.uuid === uuid && isTerminal(lastUpdate.state)) {
    completeTask(framework, taskId.value)
  }
  linkOf(master, agentId.value)?.acknowledge(framework.id, taskId.value, uuid)
}

function reconcile(
  master: MasterState,
  framework: Framework,
  tasks: readonly SchedulerCallReconcileTask[],
): void {
  for (const status of reconcileTasks(master, framework, tasks)) {
    framework.stream?.send({ type: 'UPDATE', update: { status } })
  }
}

function sendOperations(
  master: MasterState,
  framework: Framework,
  { operations = [] }: SchedulerCallReconcileOperations,
): void {
  for (const status of reconcileOperations(master, framework, operations)) {
    sendOperationStatus(framework, status)
  }
}
