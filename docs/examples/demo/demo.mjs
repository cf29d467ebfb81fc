/**
 * The main job, on a cluster in this process: a real jar and a real npm package are shipped to two agents, then JVM and
 * JavaScript tasks use them on both.
 *
 *   npm run demo                          installs and builds first
 *   npm run demo -- --work-dir FOLDER     keeps the sandboxes there
 *   npm run demo -- --journal FOLDER      keeps the run's journal there, for jarcast inspect
 *   npm run demo -- --inspect             opens its page, which stays until Ctrl-C
 */
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createFramework, inspectFramework } from 'jarcast'
import { startLocalCluster } from 'jarcast/local'
// Not part of the package's interface: what `jarcast run` shows while it runs, and how it ends.
import { exitStatusOfSignal } from '../../../dist/cli/process/exit-status.js'
import { createRunReport } from '../../../dist/cli/report/run-report.js'
import { onStopSignal } from '../../../dist/cli/process/stop-signals.js'
import { withTemporaryFolder } from '../../../dist/cli/process/temporary-folder.js'

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

const { values } = parseArgs({
  options: {
    'work-dir': { type: 'string' },
    journal: { type: 'string' },
    inspect: { type: 'boolean' },
  },
})
const { 'work-dir': workDir, journal, inspect = false } = values
const { PATH, JAVA_HOME } = process.env

let framework
let inspector
let stoppedBy
let endPage
onStopSignal((signal) => {
  stoppedBy = signal
  endPage?.()
  process.exitCode = exitStatusOfSignal(signal)
  // What comes of it is seen where the demo waits for the tasks.
  framework?.stop().catch(() => undefined)
})
await withTemporaryFolder(runDemo)

async function runDemo() {
  const cluster = await startLocalCluster({
    agents: 2,
    ...(workDir && { workDir }),
    executorEnvironment: {
      ...(PATH && { PATH }),
      ...(JAVA_HOME && { JAVA_HOME }),
      // A cache of this run's own: what is served and what is found there is the same every time.
      JARCAST_CACHE_DIR: join(tmpdir(), 'host-cache'),
    },
  })
  const tasks = cluster.agents.flatMap(({ hostname }) => tasksOn(hostname))
  const report = createRunReport({ taskIds: tasks.map(({ id }) => id) })
  try {
    if (stoppedBy !== undefined) return
    framework = createFramework({
      name: 'jarcast demo',
      master: cluster.url,
      // Made for this cluster: no other user of this machine may run anything on it.
      credentials: cluster.credentials,
      libraries: [compilerJar, emitterPackage, functions],
      ...(journal && { journal }),
      // A path with blanks stays one word of the command.
      executor: { node: `'${process.execPath}'` },
    })
    if (inspect) {
      inspector = await inspectFramework(framework)
      console.log(`inspector at ${inspector.url}`)
    }
    report.watch(framework, cluster.url)
    const failures = await runTasks(tasks)
    await framework.stop()
    report.printResults()
    if (failures.length > 0) process.exitCode ??= 1
    if (failures.some(({ code }) => code === 'JAVA_MISSING')) {
      console.log('\nJava is not installed here: apt-get install default-jre-headless, or any JRE')
    }
    if (workDir !== undefined) tellSandboxes(cluster.agents)
  } catch (error) {
    if (stoppedBy === undefined) throw error
  } finally {
    report.close()
    await framework?.stop()
    await cluster.close()
    await closePage()
  }
}

/** The page stays when the run is over, unless a signal ended it. */
async function closePage() {
  if (inspector === undefined) return
  if (stoppedBy === undefined) {
    console.log(`\nthe run is over; its page stays at ${inspector.url} until Ctrl-C`)
    // The page alone does not keep the process alive.
    const timer = setInterval(() => undefined, 2 ** 30)
    await new Promise((resolve) => (endPage = resolve))
    clearInterval(timer)
  }
  await inspector.close()
}

/** Resolves with the errors of those that failed. */
async function runTasks([first, ...others]) {
  await framework.start()
  // One task first: what its agent has fetched by then, the other agent finds in the cache of their host.
  const begun = await Promise.allSettled([framework.run(first)])
  const rest = await Promise.allSettled(others.map((task) => framework.run(task)))
  return [...begun, ...rest].flatMap(({ reason }) => reason ?? [])
}

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
function tellSandboxes(agents) {
  console.log('\nsandbox logs: stdout and stderr of all tasks, and of each below tasks/')
  for (const { hostname, id, workDir } of agents) {
    const executors = join(workDir, 'slaves', id, 'frameworks', framework.frameworkId, 'executors')
    if (!existsSync(executors)) continue
    for (const name of readdirSync(executors)) {
      console.log(`  ${hostname}  ${realpathSync(join(executors, name, 'runs/latest'))}`)
    }
  }
}
