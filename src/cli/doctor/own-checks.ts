/** Checks of this machine: Node.js, Java, disk, ports. */
import { spawnSync } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { createServer } from 'node:net'
import { formatBytes } from '../output/printable.ts'
import type { Finding } from './check.ts'

/** As in package.json, "engines". */
const oldestNode = [20, 19] as const
const leastFreeBytes = 1e9

export function checkNode(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isNew = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])
  const check = 'Node.js'
  if (isNew) return { check, state: 'ok', text: version }
  const remedy = `install ${oldestNode.join('.')} or newer`
  return { check, state: 'failed', text: `${version} is too old`, remedy }
}

/** Java is needed where Java tasks run: on this machine with `--master local` only. */
export function checkJava(isLocal: boolean): Finding {
  const { stderr, error } = spawnSync('java', ['-version'], { encoding: 'utf8', timeout: 20_000 })
  const check = 'Java'
  if (error === undefined) return { check, state: 'ok', text: stderr.split('\n')[0] ?? '' }
  const text = 'there is no java on the PATH of this machine'
  if (!isLocal) return { check, state: 'skipped', text: `${text}; agents need one for Java tasks` }
  const remedy = 'for Java tasks, install a JRE such as default-jre-headless'
  return { check, state: 'warning', text, remedy }
}

export function checkDisk(check: string, folder: string): Finding {
  const { bavail, bsize } = statfsSync(folder)
  const freeBytes = bavail * bsize
  const text = `${formatBytes(freeBytes)} free in ${folder}`
  if (freeBytes >= leastFreeBytes) return { check, state: 'ok', text }
  return { check, state: 'warning', text, remedy: `free space there, or use another folder` }
}

/** Listens for a moment on the address and port that the jar server would have. */
export async function checkPort(host: string | undefined, port: number): Promise<Finding> {
  const check = 'jar server'
  const where = `${host ?? 'all addresses'}, ${port === 0 ? 'any free port' : `port ${port}`}`
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, ...(host === undefined ? {} : { host }) }, resolve)
    })
    return { check, state: 'ok', text: `it can listen on ${where}` }
  } catch (error) {
    const text = `it cannot listen on ${where}: ${(error as NodeJS.ErrnoException).code ?? ''}`
    const remedy = 'give another --jar-server-port or --bind, or end the program that listens there'
    return { check, state: 'failed', text, remedy }
  } finally {
    server.close()
  }
}
