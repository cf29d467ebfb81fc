import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { hasTool } from '../../scripts/support/machine.mjs'

const folder = fileURLToPath(new URL('go/', import.meta.url))
/** Versions and hashes of go.mod and go.sum, and the installed compiler. */
const env = { ...process.env, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', GOWORK: 'off' }

/** False, with the reason printed, without Go or the modules of go.sum. */
export function hasGo(): boolean {
  if (!hasTool('go')) return false
  const { status, stderr } = spawnSync('go', ['mod', 'download'], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
  if (status === 0) return true
  // Wrong hashes are an error, not a reason to skip.
  if (/checksum mismatch|SECURITY ERROR/u.test(stderr)) throw new Error(stderr)
  console.log(`skipped: needs Go's modules (go mod download): ${stderr}`)
  return false
}

/** Compiles `go/`: a minute the first time, then a second. */
export async function buildGoProgram(program: string): Promise<void> {
  const { status, output } = await run('go', ['build', '-o', program, '.'], folder)
  if (status !== 0) throw new Error(`go build: ${output}`)
}

/**
 * Runs one scenario. Returns the program's findings, one per line; rejects with the first failure.
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
