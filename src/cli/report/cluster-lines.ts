/** Lines about the framework, the master, agents, executors and operations. */
import { minimumNode } from '../../domain/runtimes/platforms.ts'
import { count, formatBytes } from '../output/printable.ts'
import { describeFailure } from './failures.ts'
import { notice, warning } from './line.ts'
import type { EventLines, LineContext } from './line.ts'
import type { EventPayload } from './record/reported-event.ts'
import { describeWaitStatus } from './wait-status.ts'

export const clusterLines: EventLines = {
  'framework.registered': ({ frameworkId, master }) => {
    const withMaster = master === undefined ? '' : ` with ${master}`
    return notice(`registered${withMaster} as framework ${frameworkId}`)
  },
  'framework.updateFailed': ({ error }) =>
    warning(`the master refused the framework's change: ${error.message}`),
  'jarServer.started': ({ url }) => notice(`jar server started at ${url}`),
  'runtime.needed': ({ agentId, platform }, { hostOf }) =>
    notice(`${hostOf(agentId)} (${platform}) has no Node.js ${oldestNode} or newer: it gets one`),
  'runtime.served': ({ platform, version, sizeBytes }) =>
    // Not a fault, but bars do not show it, and people should know what is sent.
    warning(
      `shipping Node.js ${version}, ${formatBytes(sizeBytes)}, to agents (${platform}) without one`,
    ),
  'runtime.unavailable': ({ platform, error }) =>
    warning(`no Node.js can be shipped for ${platform}: ${describeFailure(error)}`),
  'operation.ended': ({ operationId, error }) =>
    error === undefined
      ? notice(`operation ${operationId} finished`)
      : warning(describeFailure(error)),
  'inverseOffer.received': ({ agentId, startsAt, answer }, { hostOf }) => {
    const host = agentId === undefined ? 'an agent' : hostOf(agentId)
    const from = new Date(startsAt).toISOString()
    return warning(`maintenance of ${host} starts at ${from}: ${maintenanceAnswers[answer]}`)
  },
  'agent.failed': ({ agentId }, { hostOf }) => warning(`lost the agent on ${hostOf(agentId)}`),
  'executor.failed': describeExecutorEnd,
  'event.rejected': ({ message }) => warning(message),
  'call.failed': ({ call, message }) => warning(`call ${call} failed: ${message}`),
  'mesos.refused': ({ event, message }) =>
    warning(`skipped event ${event} of the master: ${message}`),
  'sender.limited': (limit) => warning(describeLimit(limit)),
}

const oldestNode = `${minimumNode.major}.${minimumNode.minor}`

const maintenanceAnswers = {
  accepted: 'accepted, its tasks end with it',
  declined: 'declined',
  moved: 'its tasks move to other agents',
  asked: 'waiting for an answer',
}

function describeExecutorEnd(
  { agentId, status }: EventPayload<'executor.failed'>,
  { hostOf }: LineContext,
) {
  const host = agentId === undefined ? 'an agent' : hostOf(agentId)
  return warning(`an executor on ${host} ${describeWaitStatus(status ?? -1) ?? 'ended'}`)
}

function describeLimit(limit: EventPayload<'sender.limited'>): string {
  const { what, count: amount, agentId, executorId, taskId } = limit
  const executor = executorId === undefined ? 'executors' : `executor ${executorId}`
  const where = agentId === undefined ? '' : ` on agent ${agentId}`
  const sender = taskId === undefined ? `${executor}${where}` : `task ${taskId}`
  const action = what === 'messages' ? 'dropped' : 'acknowledged and skipped'
  const noun = what === 'messages' ? 'message' : 'update'
  return `${sender} exceeded its rate: ${action} ${count(amount, noun)} in 10 s`
}
