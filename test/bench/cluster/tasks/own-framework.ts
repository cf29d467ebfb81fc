/** A framework of ours in a process of its own, which runs tasks of nothing. */
import { resolve } from 'node:path'
import type { FrameworkOptions } from '../../../../src/framework/options/options.ts'
import { startForked } from './forked.ts'

export const kinds = {
  jvm: { kind: 'java', mainClass: 'Warm', args: ['wait', '0'], isolation: 'shared' },
  js: { kind: 'js', module: 'nothing.mjs', export: 'nothing', isolation: 'shared' },
  shell: { kind: 'shell', command: ':' },
} as const

export type Kind = keyof typeof kinds

export interface OwnFramework {
  /** Runs tasks of one kind; resolves when all have ended. */
  run(kind: Kind, count: number): Promise<Round>
  close(): Promise<void>
}

export interface Round {
  readonly seconds: number
  /** CPU time of the scheduler's process, in s. */
  readonly cpuSeconds: number
}

const program = `
import { createFramework } from '${resolve('dist/index.js')}'
const [options, kinds, resources] = JSON.parse(process.argv[1])
const framework = createFramework(options)
await framework.start()
process.on('message', async ({ kind, count }) => {
  const startedAt = performance.now()
  const before = process.cpuUsage()
  const request = { work: kinds[kind], resources }
  await Promise.all(Array.from({ length: count }, () => framework.run(request)))
  const { user, system } = process.cpuUsage(before)
  process.send({ seconds: (performance.now() - startedAt) / 1000, cpuSeconds: (user + system) / 1e6 })
})
process.once('disconnect', async () => {
  await framework.stop()
  process.exit()
})
process.send('started')
`

/** Starts a framework of what `npm run build` made. */
export async function startOwnFramework(
  options: FrameworkOptions,
  resources: { readonly cpus: number; readonly memMb: number },
): Promise<OwnFramework> {
  const framework = startForked('the framework', program, [options, kinds, resources])
  await framework.next()
  return {
    run(kind, count) {
      framework.send({ kind, count })
      return framework.next<Round>()
    },
    close: framework.close,
  }
}
