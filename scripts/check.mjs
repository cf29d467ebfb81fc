// Checks the code without running it. All steps run, even after a failure.
import { execFile } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const steps = [
  { name: 'types', command: 'npx', args: ['tsc', '-p', '.'] },
  {
    name: 'types of the page',
    command: 'npx',
    args: ['tsc', '-p', 'src/inspector/page'],
  },
  {
    name: 'lint, cycles',
    command: 'npx',
    args: ['oxlint', '--type-aware', '--quiet', 'src', 'test', 'scripts', 'docs'],
  },
  { name: 'format', command: 'npx', args: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'import directions', command: process.execPath, args: ['scripts/check-imports.mjs'] },
  { name: 'unused exports and dependencies', command: 'npx', args: ['knip'] },
  {
    name: 'wire types are generated',
    command: process.execPath,
    args: ['scripts/gen-mesos.mjs', '--check'],
  },
  {
    name: 'wire against an independent copy',
    command: process.execPath,
    args: ['scripts/compare-protos.mjs'],
  },
  {
    name: 'JVM host is generated',
    command: process.execPath,
    args: ['scripts/gen-jvm-host.mjs', '--check'],
  },
  {
    name: 'diagrams are generated',
    command: process.execPath,
    args: ['scripts/gen-diagrams.mjs', '--check'],
  },
  {
    name: 'machines are statecharts',
    command: process.execPath,
    args: ['scripts/machine-metrics.mjs'],
  },
  {
    name: 'journals of the past replay',
    command: process.execPath,
    args: ['scripts/gen-journals.mjs', '--check'],
  },
  {
    name: 'benchmarks are drawn from their results',
    command: process.execPath,
    args: ['scripts/bench.mjs', '--check'],
  },
  {
    name: 'error codes are documented',
    command: process.execPath,
    args: ['scripts/check-errors.mjs'],
  },
]

const results = await Promise.all(steps.map(limited(cpus().length, run)))
process.exit(results.includes(false) ? 1 : 0)

/** Runs one step and prints its result, with its output only if it failed or skipped something. */
async function run({ name, command, args }) {
  const { failed, output } = await execute(command, args)
  const note = /^skipped: .*$/m.exec(output)
  console.log(`${failed ? '✗' : '✓'} ${name}${note === null ? '' : ` (${note[0]})`}`)
  if (failed) console.log(output)
  return !failed
}

function execute(command, args) {
  return new Promise((resolve) => {
    execFile(command, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ failed: error !== null, output: stdout + stderr })
    })
  })
}

/** `work`, with at most `count` calls running at a time. */
function limited(count, work) {
  const lanes = Array.from({ length: count }, () => Promise.resolve())
  let turn = 0
  return (item) => {
    const lane = turn++ % count
    const result = lanes[lane].then(() => work(item))
    lanes[lane] = result
    return result
  }
}
