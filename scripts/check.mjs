// Everything that can be said about the code without running it. Each step says what it checks; all of them run.
import { spawnSync } from 'node:child_process'

const root = new URL('..', import.meta.url)
const steps = [
  { name: 'types', command: 'npx', args: ['tsc', '-p', '.'] },
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
    name: 'error codes are documented',
    command: process.execPath,
    args: ['scripts/check-errors.mjs'],
  },
]

const failed = steps.filter(({ name, command, args }) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' })
  const note = /^skipped: .*$/m.exec(stdout)
  console.log(`${status === 0 ? '✓' : '✗'} ${name}${note === null ? '' : ` (${note[0]})`}`)
  if (status !== 0) console.log(stdout + stderr)
  return status !== 0
})
process.exit(failed.length > 0 ? 1 : 0)
