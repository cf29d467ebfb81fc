/** An ACCEPT as the scheduler sends it: tasks of one executor of ours, each with its work as data. */
import { accept } from '../../../src/mesos/scheduler-calls.ts'
import type {
  ExecutorInfo,
  Resource,
  SchedulerCall,
  TaskInfo,
} from '../../../src/mesos/types.generated.ts'

const frameworkId = '21a67ebc-016b-4c66-9bc2-14442ac5eb09-0001'
const agentId = { value: '21a67ebc-016b-4c66-9bc2-14442ac5eb09-S0' }

export function acceptOf(tasks: number): SchedulerCall {
  const taskInfos = Array.from({ length: tasks }, (_, index) => taskOf(`task-${index}`))
  return accept(frameworkId, [`${frameworkId}-O1`], [{ type: 'LAUNCH', launch: { taskInfos } }], {
    refuseSeconds: 0,
  })
}

/** One object for all tasks of an offer, as the scheduler builds them. */
const executor: ExecutorInfo = {
  type: 'CUSTOM',
  executorId: { value: 'jarcast-5f2b8a91c0de4731' },
  frameworkId: { value: frameworkId },
  name: 'jarcast executor',
  command: {
    value: '"$MESOS_SANDBOX/node/bin/node" jarcast-executor.cjs',
    uris: [{ value: 'http://10.20.0.1:8080/files/jarcast-executor.cjs', extract: false }],
    environment: { variables: [{ name: 'JARCAST_SERVER', value: 'http://10.20.0.1:8080' }] },
  },
  resources: [scalar('cpus', 0.1), scalar('mem', 64)],
}

function taskOf(id: string): TaskInfo {
  const work = { work: { kind: 'class', name: 'example.Sum', args: ['1', '2', id] }, set: 'c0ffee' }
  return {
    name: id,
    taskId: { value: id },
    agentId,
    resources: [scalar('cpus', 0.05), scalar('mem', 32)],
    executor,
    data: Buffer.from(JSON.stringify(work)).toString('base64'),
    labels: { labels: [{ key: 'attempt', value: '1' }] },
  }
}

function scalar(name: string, value: number): Resource {
  return { name, type: 'SCALAR', scalar: { value }, allocationInfo: { role: '*' } }
}
