/**
 * Everything, from a fresh clone: installs what is missing, then check, unit, build, integration, package.
 * A Java runtime, ZooKeeper and MariaDB are installed where this runs as root on Debian; elsewhere the tests that need them
 * are skipped and say so.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

if (!existsSync(`${root}node_modules`)) step('install', 'npm', 'ci', '--no-audit', '--no-fund')
needs('java', canRun(javaCommand(), '-version'), 'default-jre-headless')
needs('zookeeper', existsSync('/usr/share/java/zookeeper.jar'), 'zookeeper')
needs(
  'MariaDB',
  existsSync('/usr/sbin/mariadbd') && existsSync('/usr/share/java/mariadb-java-client.jar'),
  'mariadb-server-core libmariadb-java',
)
step('check', 'npm', 'run', '--silent', 'check')
step('unit tests', 'npx', 'vitest', 'run', '--project', 'unit')
step('build', 'npm', 'run', '--silent', 'build')
step('integration tests', 'npx', 'vitest', 'run', '--project', 'int')
step('package', process.execPath, 'scripts/test-package.mjs')

function step(name, command, ...args) {
  console.log(`\n# ${name}`)
  const startedAt = Date.now()
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) {
    console.error(`\n${name} failed${error === undefined ? '' : `: ${error.message}`}`)
    process.exit(1)
  }
  console.log(`# ${name}: ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
}

function javaCommand() {
  return process.env.JAVA_HOME ? `${process.env.JAVA_HOME}/bin/java` : 'java'
}

function needs(name, isThere, debianPackage) {
  if (isThere) return
  const command = `apt-get install -y --no-install-recommends ${debianPackage}`
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    console.log(`no ${name} found: tests that need it are skipped; to run them: ${command}`)
    return
  }
  console.log(`\n# ${name} is missing: ${command}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) =>
    spawnSync('apt-get', ['-q', ...args], { env, stdio: 'inherit' }).status === 0
  const isInstalled = apt('update') && apt(...command.split(' ').slice(1))
  if (!isInstalled) console.log(`${name} could not be installed: tests that need it are skipped`)
}

function canRun(command, ...args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}
