/** A local cluster in a process of its own, so that its CPU time is not the framework's. */
import { resolve } from 'node:path'
import type { LocalClusterOptions } from '../../../../src/local/options/cluster-options.ts'
import { startForked } from './forked.ts'

export interface ClusterProcess {
  readonly url: string
  /** The traffic of a framework so far, by the names of Mesos' metrics. */
  trafficOf(frameworkName: string): Promise<Traffic>
  /** Times between the first and the last status of the tasks of an ended framework, in s. */
  spanOf(frameworkName: string): Promise<number>
  tearDown(frameworkName: string): Promise<void>
  close(): Promise<void>
}

export interface Traffic {
  readonly calls: number
  readonly updates: number
  readonly offers: number
}

const program = `
import { startLocalCluster } from '${resolve('dist/exports/local.js')}'
const cluster = await startLocalCluster(JSON.parse(process.argv[1]))
process.send(cluster.url)
process.once('disconnect', async () => {
  await cluster.close()
  process.exit()
})
`

/** Starts a cluster of what `npm run build` made. */
export async function startClusterProcess(options: LocalClusterOptions): Promise<ClusterProcess> {
  const cluster = startForked('the local cluster', program, options)
  const url = await cluster.next<string>()
  return {
    url,
    async trafficOf(name) {
      const metrics = (await read(`${url}/metrics/snapshot`)) as Record<string, number>
      const sum = (what: string): number =>
        Object.entries(metrics)
          .filter(([key]) => key.startsWith(`master/frameworks/${name}/`) && key.endsWith(what))
          .reduce((total, [, count]) => total + count, 0)
      return { calls: sum('/calls'), updates: sum('/events/update'), offers: sum('/offers/sent') }
    },
    async spanOf(name) {
      const times = (await frameworksOf(url, name)).flatMap(({ completed_tasks: tasks }) =>
        tasks.flatMap(({ statuses }) => statuses.map(({ timestamp }) => timestamp)),
      )
      return Math.max(...times) - Math.min(...times)
    },
    async tearDown(name) {
      for (const { id } of await frameworksOf(url, name)) {
        const body = JSON.stringify({ type: 'TEARDOWN', teardown: { framework_id: { value: id } } })
        const headers = { 'Content-Type': 'application/json' }
        await fetch(`${url}/master/api/v1`, { method: 'POST', headers, body })
      }
    },
    close: cluster.close,
  }
}

interface KnownFramework {
  readonly id: string
  readonly name: string
  readonly completed_tasks: readonly {
    readonly statuses: readonly { readonly timestamp: number }[]
  }[]
}

async function frameworksOf(url: string, name: string): Promise<readonly KnownFramework[]> {
  const { frameworks } = (await read(`${url}/state`)) as {
    readonly frameworks: readonly KnownFramework[]
  }
  return frameworks.filter((framework) => framework.name === name)
}

async function read(url: string): Promise<unknown> {
  return await (await fetch(url)).json()
}
