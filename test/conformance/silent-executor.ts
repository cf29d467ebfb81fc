import type { LocalCluster } from '../../src/local/cluster.ts'
import { readWhenThere, scalar, small } from '../local/support/client.ts'
import type { Scheduler } from '../local/support/client.ts'

/**
 * Launches a task on an executor whose process does nothing: the test makes its calls. Resolves
 * with the executor's ids when the process runs.
 */
export async function launchSilentExecutor(
  cluster: LocalCluster,
  scheduler: Scheduler,
  executorId: string,
  taskId: string,
) {
  const offer = await scheduler.takeOffer()
  await scheduler.launch(offer, {
    name: taskId,
    taskId: { value: taskId },
    agentId: offer.agentId,
    resources: small,
    executor: {
      type: 'CUSTOM',
      executorId: { value: executorId },
      resources: [scalar('cpus', 0.01), scalar('mem', 32)],
      command: { value: 'echo ready > ready; exec sleep 1000' },
    },
  })
  const [agent] = cluster.agents
  const framework = `${agent?.workDir}/slaves/${agent?.id}/frameworks/${scheduler.frameworkId}`
  await readWhenThere(`${framework}/executors/${executorId}/runs/latest/ready`)
  return { executorId: { value: executorId }, frameworkId: { value: scheduler.frameworkId } }
}
