/**
 * `npm run demo`: the main job, from a fresh clone. Installs and builds what is missing, then runs
 * docs/examples/demo.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installPackages, installTools } from './support/machine.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
// The build writes this file last, so it shows that the build is complete.
const lastBuilt = join(root, 'dist/executor/jarcast-executor.cjs')

installPackages()
installTools(['java'], 'The demo goes on; its tasks that need Java will fail')
if (!existsSync(lastBuilt) || newestIn(join(root, 'src')) > statSync(lastBuilt).mtimeMs) build()
const demo = join(root, 'docs/examples/demo/demo.mjs')
const child = spawn(process.execPath, [demo, ...process.argv.slice(2)], { stdio: 'inherit' })
// Ctrl-C reaches the demo too, which ends its cluster first: wait for its exit status.
process.on('SIGINT', () => undefined)
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (status) => (process.exitCode = status ?? 1))

function build() {
  console.log('\n# building: npm run build')
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
  if (status === 0) return
  console.error('\nthe build failed: see its output above')
  process.exit(1)
}

function newestIn(folder) {
  const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, name))
  return Math.max(...files.map((file) => statSync(file).mtimeMs))
}
