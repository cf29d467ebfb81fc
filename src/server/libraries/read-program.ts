/** Reads from the archive of a runtime which hosts its program runs on. */
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { readTar } from '../../archive/read-tar.ts'
import { platformOf } from '../../domain/runtimes/binary-platform.ts'
import { platforms } from '../../domain/runtimes/platforms.ts'
import type { Platform } from '../../domain/runtimes/platforms.ts'
import { defined } from '../../defined.ts'
import { JarcastError, messageOf } from '../../errors.ts'
import { createTreeLister } from './list-tree.ts'
import type { TreeLister } from './list-tree.ts'

export interface ArchivedProgram {
  readonly platform: Platform
  /** Its path in the archive. */
  readonly member: string
  readonly sha256: string
  /** What the archive of a JRE unpacks to, see `TreeLister`. */
  readonly tree?: string
}

interface Found {
  readonly member: string
  readonly head: Buffer
  readonly sha256: () => string
}

/** Enough for the ELF header and the name of the loader. */
const headBytes = 8192
const limits = { maxEntries: 50_000, maxBytes: 4 * 1024 ** 3 }

/**
 * Finds `bin/<name>` in a tar archive, plain or gzipped, at its top or in its top folder. Throws
 * `CONFIG_INVALID` for a file without one, or one for another system than Linux on x64 or arm64.
 */
export async function readProgram(path: string, name: 'java' | 'node'): Promise<ArchivedProgram> {
  const lister = name === 'java' ? createTreeLister() : undefined
  const found = await findProgram(path, name, lister).catch((error: unknown) => {
    throw notARuntime(path, `cannot be read: ${messageOf(error)}`, error)
  })
  if (found === undefined) throw notARuntime(path, `has no bin/${name}`)
  const platform = hostOf(found.head)
  if (platform !== undefined) {
    const { member, sha256 } = found
    return { platform, member, sha256: sha256(), ...defined({ tree: lister?.digest() }) }
  }
  throw notARuntime(path, `has a bin/${name} for another system than Linux on x64 or arm64`)
}

async function findProgram(
  path: string,
  name: string,
  lister: TreeLister | undefined,
): Promise<Found | undefined> {
  const pattern = new RegExp(`^(?:\\./)?(?:[^/]+/)?bin/${name}$`)
  let found: Found | undefined
  await readTar(path, limits, (entry) => {
    const { path: member } = entry
    const listed = lister?.visit(entry)
    if (!pattern.test(member)) return listed
    const head = Buffer.alloc(headBytes)
    const hash = createHash('sha256')
    found = { member, head, sha256: () => hash.digest('hex') }
    return {
      write(bytes, position) {
        if (position < headBytes) bytes.copy(head, position)
        hash.update(bytes)
        listed?.write(bytes, position)
      },
      end: () => listed?.end(),
    }
  })
  return found
}

function hostOf(head: Buffer): Platform | undefined {
  const { os, cpu, libc } = platformOf(head) ?? {}
  const name = libc === 'musl' ? `${os}-${cpu}-musl` : `${os}-${cpu}`
  return platforms.find((platform) => platform === name)
}

function notARuntime(path: string, why: string, cause?: unknown): JarcastError {
  const message = `runtime ${basename(path)} ${why}; give a .tar.gz of one for the agents`
  const details = { setting: 'runtime', path }
  return new JarcastError('CONFIG_INVALID', message, { cause, details })
}
