// Builds the package: declarations and modules by TypeScript, the executor's program as one file.
import { execFileSync } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'

const root = new URL('..', import.meta.url)
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: 'inherit' })

rmSync(new URL('dist', root), { recursive: true, force: true })
run('npx', 'tsc', '-p', 'tsconfig.build.json')
run(process.execPath, 'scripts/bundle-executor.mjs')
chmodSync(new URL('dist/cli/main.js', root), 0o755)
