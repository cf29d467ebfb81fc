/**
 * The programs and files that tests and the demo use besides Node, npm and git, with their Debian
 * packages. The step that installs and the tests that skip use the same list. Imports only Node's
 * own modules, since it runs before `npm ci`.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** From JAVA_HOME, else from PATH: the rule of the executor. */
export const javaCommand =
  [join(process.env.JAVA_HOME ?? '/nowhere', 'bin/java')].find(isExecutable) ?? 'java'

const jar = (name) => `/usr/share/java/${name}.jar`

/**
 * A tool is present if its `programs` are on the PATH (of a list, one of them), its `files` exist
 * and the command `runs` ends with status 0. `packages` are of Debian; a run of the tests does not
 * install those of an `isLarge` tool, which a few tests or only the benchmarks use.
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
  busybox: { title: 'BusyBox', programs: ['busybox'], packages: ['busybox-static'] },
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
  // The shell needs half of what the browser needs; where the browser is, it does as well.
  chromium: {
    title: 'Chromium',
    programs: [['chromium-headless-shell', 'chromium']],
    packages: ['chromium-headless-shell'],
  },
  // Peers of the benchmarks.
  nginx: { title: 'nginx', programs: ['nginx'], packages: ['nginx-light'], isLarge: true },
  maven: { title: 'Maven', runs: ['mvn', '-version'], packages: ['maven'], isLarge: true },
  go: { title: 'Go', runs: ['go', 'version'], packages: ['golang-go'], isLarge: true },
  // Slow links of the benchmarks.
  iproute2: {
    title: 'iproute2',
    programs: ['ip', 'tc'],
    packages: ['iproute2'],
    isLarge: true,
  },
}

/** The tools that a run of the tests installs. */
export const testTools = Object.keys(tools).filter((name) => !tools[name].isLarge)

/** Whether the tests that need `name` can run. If not, prints why they are skipped. */
export function hasTool(name) {
  const missing = missingOf(name)
  if (missing.length === 0) return true
  const { title, packages } = tools[name]
  console.log(`skipped: needs ${title}; missing: ${missing.join(', ')} (${installing(packages)})`)
  return false
}

/** Whether the npm registry answers. If not, prints npm's output. */
export function hasRegistry() {
  const args = ['view', 'left-pad@1.3.0', 'version', '--fetch-retries=1']
  const { status, stderr } = spawnSync('npm', args, { encoding: 'utf8' })
  if (status === 0) return true
  console.log(`skipped: needs the npm registry\n${stderr}`)
  return false
}

/**
 * Path of a program: from PATH, then from the folders that only root has in it. `undefined` if not
 * found.
 */
export function pathOf(program) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return [...folders, '/usr/local/sbin', '/usr/sbin', '/sbin']
    .map((folder) => join(folder, program))
    .find(isExecutable)
}

/** Path of the Chromium that tests use; `undefined` without one. */
export function chromiumPath() {
  return pathOfAny(tools.chromium.programs[0])
}

/**
 * As root with apt-get, installs the missing tools of `names` and shows apt-get's output. Returns
 * whether all are present at the end; if not, prints the missing ones, how to install them, and
 * `otherwise`: what happens without them.
 */
export function installTools(names, otherwise) {
  const isLacking = (name) => missingOf(name).length > 0
  let lacking = names.filter(isLacking)
  if (lacking.length > 0 && canInstall()) {
    console.log(`\n# not installed, so it is now: ${titlesOf(lacking)}`)
    // If this fails, an older list may still work.
    aptGet('update')
    // All at once is faster. One by one, a package that this system lacks does not prevent the
    // others.
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
 * Installs the npm packages of package-lock.json, those for development too, unless a complete
 * install is newer than the lock file. Ends this process if npm fails.
 */
export function installPackages() {
  if (arePackagesInstalled()) return
  const options = ['--include=dev', '--no-audit', '--no-fund']
  console.log('\n# installing: npm ci')
  if (npm('ci', ...options)) return
  // npm ci refuses a lock file without optional packages of other platforms, which a registry may
  // not have yet. npm install uses the same lock file and ignores them.
  console.log('\n# installing: npm install')
  if (npm('install', '--no-save', ...options)) return
  console.error('\nthe npm packages could not be installed: npm printed the reason above')
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
    ...programs.filter((program) => pathOfAny(program) === undefined).map((one) => [one].flat()[0]),
    ...files.filter((file) => !existsSync(file)),
  ]
  return runs === undefined || canRun(runs) ? missing : [runs[0], ...missing]
}

function canRun([command, ...args]) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

function pathOfAny(programs) {
  return [programs].flat().map(pathOf).find(Boolean)
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

/** Waits for apt's lock: a machine that has just started may install updates. */
function aptGet(...args) {
  const options = ['-o', 'DPkg::Lock::Timeout=300', ...(process.stdout.isTTY ? [] : ['-q'])]
  const { status, error } = spawnSync('apt-get', [...options, ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (error !== undefined) console.log(`apt-get: ${error.message}`)
  return status === 0
}
