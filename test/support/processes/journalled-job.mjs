/** A job with a journal, to be killed and started again: node journalled-job.mjs MASTER JOURNAL LIBRARY,… TASKS */
import { createFramework } from 'jarcast'

const [master, journal, libraries, count] = process.argv.slice(2)
const framework = createFramework({
  master,
  journal,
  libraries: libraries.split(','),
  executor: {
    node: process.execPath,
    resources: { cpus: 0.1, memMb: 64 },
    // Nothing is there that an earlier run has fetched: the scheduler is killed while it serves, too.
    environment: { JARCAST_CACHE_DIR: `${journal}.cache` },
  },
})
const ids = Array.from({ length: Number(count) }, (_, index) => `task-${index}`)
const results = await Promise.all(
  ids.map((id) =>
    framework.run({
      id,
      work: { kind: 'js', module: 'work.mjs', export: 'work', args: [id, `${journal}.runs`] },
    }),
  ),
)
await framework.drain()
console.log(JSON.stringify(results))
