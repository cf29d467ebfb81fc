/** Reads from the archive of a JRE which hosts it runs on. */
import { basename } from 'node:path'
import { readTar } from '../../archive/read-tar.ts'
import type { Platform } from '../../domain/runtimes/platforms.ts'
import { JarcastError, messageOf } from '../../errors.ts'

/** Enough for the ELF header and the name of the loader. */
const headBytes = 8192
const limits = { maxEntries: 50_000, maxBytes: 4 * 1024 ** 3 }

/**
 * The platform of `bin/java` in a tar archive, plain or gzipped, at its top or in its top folder.
 * Throws `CONFIG_INVALID` for a file without one, or one for another system than Linux on x64 or
 * arm64.
 */
export async function platformOfJre(path: string): Promise<Platform> {
  const head = await readProgram(path)
  if (head === undefined) throw notAJre(path, 'has no bin/java')
  const platform = platformOf(head)
  if (platform !== undefined) return platform
  throw notAJre(path, 'has a bin/java for another system than Linux on x64 or arm64')
}

async function readProgram(path: string): Promise<Buffer | undefined> {
  let head: Buffer | undefined
  try {
    await readTar(path, limits, ({ path: name }) => {
      if (!/^(?:\.\/)?(?:[^/]+\/)?bin\/java$/.test(name)) return undefined
      const start = Buffer.alloc(headBytes)
      head = start
      return {
        write: (bytes, position) => void (position < headBytes && bytes.copy(start, position)),
        end: () => undefined,
      }
    })
  } catch (error) {
    throw notAJre(path, `cannot be read: ${messageOf(error)}`, error)
  }
  return head
}

/** Source: System V ABI, "ELF Header": e_ident, e_machine; elf.h, EM_X86_64 and EM_AARCH64. */
function platformOf(head: Buffer): Platform | undefined {
  if (head.toString('latin1', 0, 4) !== '\u007fELF') return undefined
  const cpu = ({ 62: 'x64', 183: 'arm64' } as const)[head.readUInt16LE(18)]
  if (cpu === undefined) return undefined
  return head.includes('/ld-musl-') ? `linux-${cpu}-musl` : `linux-${cpu}`
}

function notAJre(path: string, why: string, cause?: unknown): JarcastError {
  const message = `JRE ${basename(path)} ${why}; give a .tar.gz of a JRE for the agents`
  return new JarcastError('CONFIG_INVALID', message, {
    cause,
    details: { setting: 'runtime', path },
  })
}
