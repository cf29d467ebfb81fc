/**
 * A local cluster whose agents see a root folder of their own with nothing but BusyBox and the C
 * and C++ libraries, which Mesos' agent needs as well. The Node.js that runs the cluster itself is
 * there, but not on the PATH.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { hasTool, pathOf } from '../../../scripts/support/machine.mjs'
import { packageRoot } from '../../../src/package-root.ts'
import { runProgram } from './run-program.ts'

export interface BareCluster {
  readonly url: string
  /** The folder that the agents see as `/`. */
  readonly root: string
  close(): Promise<void>
}

const unshare = pathOf('unshare') ?? 'unshare'

/** Whether one can be made here; if not, prints why tests are skipped. */
export function canBeBare(): boolean {
  if (!hasTool('busybox')) return false
  const unshared = spawnSync(unshare, ['-m', 'true'], { encoding: 'utf8' })
  if (unshared.status === 0 && pathOf('chroot') !== undefined) return true
  const why = unshared.stderr?.trim() ?? 'unshare is not installed'
  console.log(`skipped: needs root and a mount namespace of its own (${why})`)
  return false
}

export interface BareOptions {
  /**
   * Programs on the PATH of all agents, before those of BusyBox. The shell is then this machine's:
   * that of BusyBox prefers its own.
   */
  readonly scripts?: Readonly<Record<string, string>>
  /** Paths of more libraries of this machine. */
  readonly libraries?: readonly string[]
}

export async function startBareCluster(
  agents: number,
  { scripts = {}, libraries = [] }: BareOptions = {},
): Promise<BareCluster> {
  const root = await mkdtemp(join(tmpdir(), 'jarcast-bare-'))
  await fillRoot(root, scripts)
  for (const library of libraries) {
    await mkdir(join(root, dirname(library)), { recursive: true })
    await copyFile(library, join(root, library))
  }
  const cluster = ['/jarcast/dist/cli/main.js', 'local', '--agents', String(agents), '--port', '0']
  const script = `mount --rbind /proc "$1/proc" && mount --rbind /dev "$1/dev" &&
mount --bind "$2" "$1/jarcast" && shift 2 && exec "$@"`
  const child = spawn(
    unshare,
    [
      '-m',
      'sh',
      '-c',
      script,
      'sh',
      root,
      packageRoot(),
      pathOf('chroot') ?? 'chroot',
      root,
    ].concat(['/bin/env', '-i', 'PATH=/usr/local/bin:/bin', '/agent/node', ...cluster]),
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = once(child, 'close')
  const close = async () => {
    child.kill('SIGTERM')
    await ended
    await rm(root, { recursive: true })
  }
  for await (const line of createInterface(child.stdout)) {
    const { url } = JSON.parse(line) as { readonly url: string }
    child.stdout.resume()
    return { url, root, close }
  }
  await close()
  throw new Error('the cluster did not start')
}

async function fillRoot(root: string, scripts: Readonly<Record<string, string>>): Promise<void> {
  for (const name of ['bin', 'usr/local/bin', 'agent', 'etc', 'tmp', 'proc', 'dev', 'jarcast'])
    await mkdir(join(root, name), { recursive: true })
  await copyFile(pathOf('busybox') ?? '', join(root, 'bin/busybox'))
  for (const name of runProgram('busybox', ['--list']).trim().split('\n'))
    if (name !== 'busybox') await symlink('busybox', join(root, 'bin', name))
  if (Object.keys(scripts).length > 0) await addProgram(root, await realpath('/bin/sh'), 'bin/sh')
  for (const [name, script] of Object.entries(scripts))
    await writeFile(join(root, 'usr/local/bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\n')
  await addProgram(root, await realpath(process.execPath), 'agent/node')
}

async function addProgram(root: string, program: string, place: string): Promise<void> {
  await rm(join(root, place), { force: true })
  await copyFile(program, join(root, place))
  for (const [library] of runProgram('ldd', [program]).matchAll(/\/\S+/g)) {
    await mkdir(join(root, dirname(library)), { recursive: true })
    await copyFile(library, join(root, library))
  }
}
