/**
 * A framework that is followed by its streams: its state, its facts into a slow store, the progress
 * of its libraries, and two tasks from launch to end.
 *
 *   node docs/examples/streams.mjs [MASTER]      without MASTER: on a cluster in this process
 */
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createFramework } from 'jarcast'
import { startLocalCluster } from 'jarcast/local'
import { concatMapBounded } from 'jarcast/streams'
import { filter, lastValueFrom, map, toArray } from 'rxjs'

const [master] = process.argv.slice(2)
const cluster = master === undefined ? await startLocalCluster() : undefined
const framework = createFramework({
  master: master ?? cluster.url,
  ...(cluster && { credentials: cluster.credentials }),
  libraries: [fileURLToPath(import.meta.url)],
})

// The latest state at subscription, then each change.
framework.state$.subscribe(({ life, isRegistered, taskCount, pendingCount }) => {
  console.log(
    `state: ${life}, ${isRegistered ? 'registered' : 'not registered'}, ${pendingCount} of ${taskCount} tasks wait`,
  )
})

// Each fact, into a store that takes its time: at most 10,000 facts wait for it.
const stored = lastValueFrom(
  framework.fact$.pipe(
    concatMapBounded((fact) => setTimeout(5, fact.type), { limit: 10_000, overflow: 'error' }),
    toArray(),
  ),
)

framework.progress$
  .pipe(filter(({ type }) => type === 'library.fetched'))
  .subscribe(({ name, source }) => console.log(`progress: ${name} from ${source}`))

const follow = (taskId) =>
  framework
    .task$(taskId)
    .pipe(map(({ type, state }) => state ?? type))
    .subscribe({
      next: (what) => console.log(`${taskId}: ${what}`),
      error: ({ code, details }) => console.log(`${taskId}: ${code}, status ${details.exitStatus}`),
      complete: () => console.log(`${taskId}: complete`),
    })
for (const taskId of ['good', 'bad']) follow(taskId)

await framework.run({ id: 'good', work: { kind: 'shell', command: 'true' } })
// `run` rejects with the error that `task$` ends with.
await framework
  .run({ id: 'bad', work: { kind: 'shell', command: 'exit 7' } })
  .catch(() => undefined)
await framework.drain()

const types = await stored
console.log(`stored ${types.length} facts, from ${types[0]} to ${types.at(-1)}`)
await cluster?.close()
