import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { hasTool } from '../../scripts/machine.mjs'

const folder = fileURLToPath(new URL('go/', import.meta.url))
/** Versions and hashes are those of go.mod and go.sum, and the compiler is the one that is here. */
const env = { ...process.env, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', GOWORK: 'off' }

/** False, and the reason printed, where Go or the modules that go.sum names cannot be had. */
export function hasGo(): boolean {
  if (!hasTool('go')) return false
  const { status, stderr } = spawnSync('go', ['mod', 'download'], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
  if (status === 0) return true
  // Other bytes than those of go.sum are no reason to go on.
  if (/checksum mismatch|SECURITY ERROR/u.test(stderr)) throw new Error(stderr)
  console.log(`skipped: needs Go's modules (go mod download): ${stderr}`)
  return false
}

/** Compiles `go/`: a minute where it was never done, a second where Go's own cache has it. */
export async function buildGoProgram(program: string): Promise<void> {
  const { status, output } = await run('go', ['build', '-o', program, '.'], folder)
  if (status !== 0) throw new Error(`go build: ${output}`)
}

/**
 * Plays one scenario, and gives what the program found true, line by line. Rejects with what it did
 * not.
 */
export async function play(program: string, args: readonly string[]): Promise<string[]> {
  const { status, output } = await run(program, ['scheduler', ...args])
  if (status !== 0) throw new Error(output)
  return output.trimEnd().split('\n')
}

async function run(command: string, args: readonly string[], cwd?: string) {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [[status], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ])
  return { status, output: stdout + stderr }
}
