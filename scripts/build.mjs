// Builds the package: declarations and modules by TypeScript, a copy of the status page, the
// inspector's page, and the bundled programs.
import { spawnSync } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

rmSync(`${root}dist`, { recursive: true, force: true })
run('npx', 'tsc', '-p', 'tsconfig.build.json')
run(process.execPath, 'scripts/bundle-page.mjs')
run(process.execPath, 'scripts/bundle-programs.mjs')
chmodSync(`${root}dist/cli/main.js`, 0o755)

function run(command, ...args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}
