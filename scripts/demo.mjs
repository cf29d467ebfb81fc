/**
 * `npm run demo`: the main job, from a fresh clone. Installs and builds what is missing, then runs docs/examples/demo.
 * Until that is done, only Node's own modules are there to be imported.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const nodeModules = join(root, 'node_modules')
// What the build writes last: when it is there, all of it is.
const lastBuilt = join(root, 'dist/executor/jarcast-executor.mjs')

if (!existsSync(join(nodeModules, '.package-lock.json'))) {
  install()
}
if (!existsSync(lastBuilt) || newestIn(join(root, 'src')) > statSync(lastBuilt).mtimeMs) {
  step('building', 'npm', 'run', '--silent', 'build')
}
const demo = join(root, 'docs/examples/demo/demo.mjs')
const child = spawn(process.execPath, [demo], { stdio: 'inherit' })
// Ctrl-C reaches the demo too, which has a cluster to end: its exit status is what counts.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (status) => (process.exitCode = status ?? 1))

/**
 * npm ci refuses a lock file that lacks optional packages for other platforms, as it does when a registry has them not
 * yet; npm install goes by the same lock file and passes over what is not for this machine.
 */
function install() {
  const options = ['--no-audit', '--no-fund']
  console.log('installing: npm ci')
  const { status } = spawnSync('npm', ['ci', ...options], { cwd: root, stdio: 'ignore' })
  if (status !== 0) step('installing', 'npm', 'install', '--no-save', ...options)
}

function step(name, command, ...args) {
  console.log(`${name}: ${command} ${args.join(' ')}`)
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (status === 0) return
  console.error(`${name} failed${error === undefined ? '' : `: ${error.message}`}`)
  process.exit(1)
}

function newestIn(folder) {
  const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, name))
  return Math.max(...files.map((file) => statSync(file).mtimeMs))
}
