/** Short tasks in Java on one executor: in its warm JVM, beside a JVM each. Runs what `npm run build` made. */
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'
import type { createFramework } from '../../../../src/framework/framework.ts'
import type { startLocalCluster } from '../../../../src/local/cluster.ts'
import type { JvmIsolation } from '../../../../src/domain/tasks/jvm-isolation.ts'
import { hasJava } from '../../../support/java.ts'
import { rate, roundsOf } from '../../support/measure.ts'
import type { Figure } from '../../support/measure.ts'

const warmTasks = 100
const processTasks = 20
const jar = resolve('test/executor/fixtures/classes.jar')

export async function* jvmTasks(): AsyncGenerator<Figure> {
  if (!hasJava()) return
  const index = await load<{ createFramework: typeof createFramework }>('dist/index.js')
  const local = await load<{ startLocalCluster: typeof startLocalCluster }>('dist/exports/local.js')
  const cluster = await local.startLocalCluster({
    open: true,
    allocationIntervalMs: 20,
    agentResources: { cpus: 4.1, memMb: 8192 },
  })
  const framework = index.createFramework({ master: cluster.url, libraries: [jar] })
  const runAll = (count: number, isolation: JvmIsolation): Promise<unknown> =>
    Promise.all(
      Array.from({ length: count }, () =>
        framework.run({
          // Waits for a millisecond.
          work: { kind: 'java', mainClass: 'Warm', args: ['wait', '1'], isolation },
          resources: { cpus: 0.5, memMb: 32 },
        }),
      ),
    )
  try {
    const each = await roundsOf(() => runAll(processTasks, 'process'), 3)
    const share = warmTasks / processTasks
    const peer = ['a JVM each', each.map((seconds) => seconds * share)] as const
    for (const isolation of ['shared', 'child-first'] as const) {
      const seconds = await roundsOf(() => runAll(warmTasks, isolation), 3)
      const what = `${warmTasks} JVM tasks of 1 ms on one executor, ${isolation}`
      yield rate(what, warmTasks, seconds, 'tasks/s', peer)
    }
  } finally {
    await framework.stop()
    await cluster.close()
  }
}

async function load<Module>(file: string): Promise<Module> {
  return (await import(pathToFileURL(resolve(file)).href)) as Module
}
