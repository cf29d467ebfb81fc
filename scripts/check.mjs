// Everything that can be said about the code without running it. Each step says what it checks; all of them run.
import { spawnSync } from 'node:child_process'

const root = new URL('..', import.meta.url)
const steps = [
  ['types', 'npx', ['tsc', '-p', '.']],
  ['lint, cycles', 'npx', ['oxlint', '--type-aware', '--quiet', 'src', 'test', 'scripts', 'docs']],
  ['format', 'npx', ['prettier', '--check', '--log-level', 'warn', '.']],
  ['import directions', process.execPath, ['scripts/check-imports.mjs']],
  ['unused exports and dependencies', 'npx', ['knip']],
  ['wire types are generated', process.execPath, ['scripts/gen-mesos.mjs', '--check']],
  ['wire against an independent copy', process.execPath, ['scripts/compare-protos.mjs']],
  ['JVM host is generated', process.execPath, ['scripts/gen-jvm-host.mjs', '--check']],
  ['diagrams are generated', process.execPath, ['scripts/gen-diagrams.mjs', '--check']],
  ['error codes are documented', process.execPath, ['scripts/check-errors.mjs']],
]

const failed = steps.filter(([name, command, args]) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' })
  const note = /^skipped: .*$/m.exec(stdout)?.[0]
  console.log(`${status === 0 ? '✓' : '✗'} ${name}${note === undefined ? '' : ` (${note})`}`)
  if (status !== 0) console.log(stdout + stderr)
  return status !== 0
})
process.exit(failed.length > 0 ? 1 : 0)
