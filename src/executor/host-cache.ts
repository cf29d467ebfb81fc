/**
 * Blobs shared by all executors of one user on a host, each under the SHA-256 of its bytes. Correctness needs no lock:
 * a blob appears by rename, when its digest matched.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, copyFile, link, lstat, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { pipeline } from 'node:stream/promises'

export interface HostCache {
  /** True when a blob of this digest and size is there; its bytes are hashed once per process, and again once changed. */
  has(sha256: string, sizeBytes: number): Promise<boolean>
  /** A new name, on the same file system, to write a blob to before it is verified. */
  temporaryPath(): string
  /** Makes the file a blob. Its bytes must have been verified against `sha256` by the caller, and synced. */
  publish(path: string, sha256: string): Promise<void>
  /** Puts a blob at `target`: a hard link, or a copy where that cannot be. */
  place(sha256: string, target: string): Promise<void>
}

/** A temporary file this old is what a killed executor left. */
const staleMs = 24 * 60 * 60 * 1000

/**
 * Opens the cache in `JARCAST_CACHE_DIR`, else `<tmp>/jarcast-cache-<uid>`. A folder that somebody else could write to is
 * not used: `privateFolder` in its place, which then serves this executor only.
 */
export async function openHostCache(
  configured: string | undefined,
  privateFolder: string,
): Promise<HostCache> {
  const shared = configured ?? join(tmpdir(), `jarcast-cache-${userId()}`)
  const root = (await claimFolder(shared)) ? shared : privateFolder
  const blobs = join(root, 'sha256')
  const temporary = join(root, 'tmp')
  await mkdir(blobs, { recursive: true, mode: 0o700 })
  await mkdir(temporary, { recursive: true, mode: 0o700 })
  await sweep(temporary)
  // By digest, when the file was last written to: sandboxes hold links to it, and tasks may run as its owner.
  const verified = new Map<string, number>()

  return {
    async has(sha256, sizeBytes) {
      const path = join(blobs, sha256)
      const found = await lstat(path).catch(() => undefined)
      if (found === undefined) return false
      if (found.isFile() && found.size === sizeBytes) {
        if (verified.get(sha256) === found.mtimeMs) return true
        if ((await hashFile(path)) === sha256) {
          verified.set(sha256, found.mtimeMs)
          return true
        }
      }
      await rm(path, { recursive: true, force: true })
      return false
    },
    temporaryPath: () => join(temporary, randomUUID()),
    async publish(path, sha256) {
      // Linked into sandboxes as it is: a task must not change what others will run.
      await chmod(path, 0o444)
      await rename(path, join(blobs, sha256))
      verified.set(sha256, (await stat(join(blobs, sha256))).mtimeMs)
    },
    async place(sha256, target) {
      const path = join(blobs, sha256)
      try {
        await link(path, target)
      } catch {
        await copyFile(path, target)
      }
    },
  }
}

/** SHA-256 of a file in hex; undefined when it cannot be read. */
async function hashFile(path: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash)
    return hash.digest('hex')
  } catch {
    return undefined
  }
}

/** Makes the folder; true when it is ours and only ours. */
async function claimFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    const found = await lstat(path)
    return found.isDirectory() && found.uid === userId() && (found.mode & 0o077) === 0
  } catch {
    return false
  }
}

/** Not by `userInfo()`: in a container the user may well have no entry in passwd. */
function userId(): number | undefined {
  return process.getuid?.()
}

async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found !== undefined && Date.now() - found.mtimeMs > staleMs) await rm(path, { force: true })
  }
}
