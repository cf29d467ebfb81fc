/**
 * What the tests and the demo use beside Node, npm and git, and the Debian packages that bring it. One list, for the
 * step that installs and for the tests that skip: both look for the same programs and files.
 * Imports Node's own modules alone: before `npm ci` there is nothing else.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Of JAVA_HOME where that has one, else of PATH: the rule of the executor. */
export const javaCommand =
  [join(process.env.JAVA_HOME ?? '/nowhere', 'bin/java')].find(isExecutable) ?? 'java'

const jar = (name) => `/usr/share/java/${name}.jar`

/**
 * `programs` to be found, `files` to be there, `runs` a command to end with status 0; `packages` of Debian that bring
 * them, `isLarge` when a run of the tests does not install these by itself.
 */
const tools = {
  java: {
    title: 'Java',
    runs: [javaCommand, '-version'],
    packages: ['default-jre-headless'],
  },
  zookeeper: {
    title: 'ZooKeeper',
    runs: [javaCommand, '-version'],
    files: ['zookeeper', 'zookeeper-jute', 'slf4j-nop'].map(jar),
    packages: ['default-jre-headless', 'libzookeeper-java', 'libslf4j-java'],
  },
  mariadb: {
    title: 'MariaDB',
    programs: ['mariadbd', 'mariadb-install-db', 'my_print_defaults', 'resolveip'],
    files: [jar('mariadb-java-client')],
    packages: ['mariadb-server-core', 'mariadb-client-core', 'libmariadb-java'],
  },
  openssl: { title: 'OpenSSL', programs: ['openssl'], packages: ['openssl'] },
  bzip2: { title: 'bzip2', programs: ['bzip2'], packages: ['bzip2'] },
  xz: { title: 'xz', programs: ['xz'], packages: ['xz-utils'] },
  unzip: { title: 'unzip', programs: ['unzip'], packages: ['unzip'] },
  javac: {
    title: 'a Java compiler',
    runs: ['javac', '-version'],
    packages: ['default-jdk-headless'],
    isLarge: true,
  },
  chromium: {
    title: 'Chromium',
    programs: ['chromium'],
    packages: ['chromium'],
    isLarge: true,
  },
  go: { title: 'Go', runs: ['go', 'version'], packages: ['golang-go'], isLarge: true },
}

/** All that a run of the tests installs where it can. */
export const testTools = Object.keys(tools).filter((name) => !tools[name].isLarge)

/** False, and the reason printed, where the tests that need `name` are to be skipped. */
export function hasTool(name) {
  const missing = missingOf(name)
  if (missing.length === 0) return true
  const { title, packages } = tools[name]
  console.log(`skipped: needs ${title}; missing: ${missing.join(', ')} (${installing(packages)})`)
  return false
}

/** False, and what npm wrote printed, where no npm registry answers. */
export function hasRegistry() {
  const args = ['view', 'left-pad@1.3.0', 'version', '--fetch-retries=1']
  const { status, stderr } = spawnSync('npm', args, { encoding: 'utf8' })
  if (status === 0) return true
  console.log(`skipped: needs the npm registry\n${stderr}`)
  return false
}

/** Path of a program: PATH, then the folders that only root has there. Undefined when there is none. */
export function pathOf(program) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return [...folders, '/usr/local/sbin', '/usr/sbin', '/sbin']
    .map((folder) => join(folder, program))
    .find(isExecutable)
}

/**
 * Installs what is missing of `names`, where this runs as root and there is apt-get, and shows what apt-get writes.
 * Returns true when nothing is missing in the end; what is, and how to install it, is printed, with `otherwise`: what
 * goes on without it.
 */
export function installTools(names, otherwise) {
  const isLacking = (name) => missingOf(name).length > 0
  let lacking = names.filter(isLacking)
  if (lacking.length > 0 && canInstall()) {
    console.log(`\n# not installed, so it is now: ${titlesOf(lacking)}`)
    // Where this fails, the lists of an earlier one may do.
    aptGet('update')
    // All at once is quicker; one by one, a package that this system lacks keeps the others from nothing.
    if (!aptInstall(lacking)) for (const name of lacking) aptInstall([name])
    lacking = names.filter(isLacking)
  }
  if (lacking.length === 0) return true
  for (const name of lacking) {
    console.log(`${tools[name].title} is not installed: ${missingOf(name).join(', ')} missing`)
  }
  console.log(
    `${otherwise}. To install what is missing, on Debian as root:\n  ${installing(packagesOf(lacking))}`,
  )
  return false
}

/**
 * Installs the npm packages of package-lock.json, those for development too, unless all are there: an install that was
 * interrupted, or that is older than the lock file, is no install. Ends this process when npm fails.
 */
export function installPackages() {
  if (arePackagesInstalled()) return
  const options = ['--include=dev', '--no-audit', '--no-fund']
  console.log('\n# installing: npm ci')
  if (npm('ci', ...options)) return
  // npm ci refuses a lock file that lacks optional packages of other platforms, as it does when a registry has them
  // not yet; npm install goes by the same lock file and passes over them.
  console.log('\n# installing: npm install')
  if (npm('install', '--no-save', ...options)) return
  console.error('\nthe npm packages could not be installed: see what npm wrote above')
  process.exit(1)
}

function arePackagesInstalled() {
  try {
    const installed = packagesIn('node_modules/.package-lock.json')
    return Object.entries(packagesIn('package-lock.json')).every(
      ([place, { version, optional }]) =>
        place === '' || optional === true || installed[place]?.version === version,
    )
  } catch {
    return false
  }
}

function packagesIn(lockFile) {
  return JSON.parse(readFileSync(join(root, lockFile), 'utf8')).packages
}

function npm(...args) {
  const { status, error } = spawnSync('npm', args, { cwd: root, stdio: 'inherit' })
  if (error !== undefined) console.error(`npm: ${error.message}`)
  return status === 0
}

function missingOf(name) {
  const { programs = [], files = [], runs } = tools[name]
  const missing = [
    ...programs.filter((program) => pathOf(program) === undefined),
    ...files.filter((file) => !existsSync(file)),
  ]
  return runs === undefined || canRun(runs) ? missing : [runs[0], ...missing]
}

function canRun([command, ...args]) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function canInstall() {
  return process.getuid?.() === 0 && pathOf('apt-get') !== undefined
}

function packagesOf(names) {
  return [...new Set(names.flatMap((name) => tools[name].packages))]
}

function titlesOf(names) {
  return names.map((name) => tools[name].title).join(', ')
}

function aptInstall(names) {
  const packages = packagesOf(names)
  console.log(`\n# ${installing(packages)}`)
  return aptGet(...installArguments(packages))
}

function installArguments(packages) {
  return ['install', '-y', '--no-install-recommends', ...packages]
}

function installing(packages) {
  return `apt-get ${installArguments(packages).join(' ')}`
}

/** A machine that was just started may be installing updates: then its lock is waited for. */
function aptGet(...args) {
  const options = ['-o', 'DPkg::Lock::Timeout=300', ...(process.stdout.isTTY ? [] : ['-q'])]
  const { status, error } = spawnSync('apt-get', [...options, ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (error !== undefined) console.log(`apt-get: ${error.message}`)
  return status === 0
}
