/**
 * The main job, on a cluster in this process: a real jar and a real npm package are shipped to two agents, then JVM and
 * JavaScript tasks use them on both.
 *
 *   npm run demo        installs and builds first
 */
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createFramework } from 'jarcast'
import { startLocalCluster } from 'jarcast/local'
// Not part of the package's interface: what `jarcast run` shows while it runs.
import { createRunReport } from '../../../dist/cli/run-report.js'

const require = createRequire(import.meta.url)
const compilerJar = join(dirname(require.resolve('google-closure-compiler-java')), 'compiler.jar')
const emitterPackage = dirname(require.resolve('eventemitter3/package.json'))
const functions = fileURLToPath(new URL('functions.mjs', import.meta.url))

const compilerClass = 'com.google.javascript.jscomp.CommandLineRunner'
const script = `
  // Adds up the squares of what it is given.
  function sumOfSquares(numbers) {
    var total = 0
    for (var index = 0; index < numbers.length; index++) total += numbers[index] * numbers[index]
    return total
  }
  console.log(sumOfSquares([1, 2, 3]))
`
const words = 'jar cast jar ship jar'

// Kept, so that the sandboxes can be read afterwards.
const workDir = await mkdtemp(join(tmpdir(), 'jarcast-demo-'))
const { PATH, JAVA_HOME } = process.env
const cluster = await startLocalCluster({
  agents: 2,
  workDir,
  executorEnvironment: {
    ...(PATH && { PATH }),
    ...(JAVA_HOME && { JAVA_HOME }),
    // A cache of this run's own: what is served and what is found there is the same every time.
    JARCAST_CACHE_DIR: join(workDir, 'host-cache'),
  },
})
const framework = createFramework({
  name: 'jarcast demo',
  master: cluster.url,
  libraries: [compilerJar, emitterPackage, functions],
  // A path with blanks stays one word of the command.
  executor: { node: `'${process.execPath}'` },
})

const tasks = cluster.agents.flatMap(({ hostname }) => tasksOn(hostname))
const report = createRunReport({ taskIds: tasks.map(({ id }) => id) })
report.watch(framework, cluster.url)
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    process.exitCode = signal === 'SIGINT' ? 130 : 143
    void framework.stop()
  })
}

let outcomes
try {
  await framework.start()
  // One task first: what its agent has fetched by then, the other agent finds in the cache of their host.
  const [first, ...others] = tasks
  const begun = await Promise.allSettled([framework.run(first)])
  outcomes = [...begun, ...(await Promise.allSettled(others.map((task) => framework.run(task))))]
} finally {
  await framework.stop()
  await cluster.close()
}
report.printResults()
tellTheRest(outcomes.flatMap(({ reason }) => reason ?? []))

function tasksOn(hostname) {
  const works = {
    load: { kind: 'load-class', className: compilerClass },
    minify: { kind: 'java', mainClass: compilerClass, stdin: script },
    count: {
      kind: 'js',
      module: 'functions.mjs',
      export: 'countWords',
      args: [words],
    },
  }
  return Object.entries(works).map(([name, work]) => ({
    id: `${name}-${hostname}`,
    work,
    constraints: { hostname },
    resources: { cpus: 0.5, memMb: work.kind === 'java' ? 512 : 128 },
  }))
}

/** One per executor, as Mesos lays them out. */
function sandboxesOf({ id, workDir }) {
  const executors = join(workDir, 'slaves', id, 'frameworks', framework.frameworkId, 'executors')
  if (!existsSync(executors)) return []
  return readdirSync(executors).map((name) => realpathSync(join(executors, name, 'runs/latest')))
}

function tellTheRest(failures) {
  console.log('\nsandbox logs: stdout and stderr of all tasks, and of each below tasks/')
  for (const agent of cluster.agents) {
    for (const sandbox of sandboxesOf(agent)) console.log(`  ${agent.hostname}  ${sandbox}`)
  }
  const withoutJava = failures.filter(({ code }) => code === 'JAVA_MISSING').length
  if (withoutJava > 0) {
    console.log(`\n${withoutJava} tasks need Java, which is not installed here; the others ran.`)
  }
  if (failures.length > withoutJava) process.exitCode ??= 1
}
