/**
 * Everything, from a fresh clone: installs what is missing, then check, unit, build, integration,
 * package. As root with apt-get it installs the programs that the tests use besides Node and npm.
 * Elsewhere the tests that need a missing program are skipped, and name it.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { installPackages, installTools, testTools } from './support/machine.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

installPackages()
installTools(testTools, 'Tests that need it are skipped')
step('check', 'npm', 'run', '--silent', 'check')
step('unit tests', 'npx', 'vitest', 'run', '--project', 'unit')
step('build', 'npm', 'run', '--silent', 'build')
step('integration tests', 'npx', 'vitest', 'run', '--project', 'int')
step('package', process.execPath, 'scripts/test-package.mjs')

function step(name, command, ...args) {
  console.log(`\n# ${name}`)
  const startedAt = Date.now()
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) {
    console.error(`\n${name} failed: ${error?.message ?? `status ${signal ?? status}`}`)
    process.exit(1)
  }
  console.log(`# ${name}: ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
}
