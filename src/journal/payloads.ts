/**
 * What is too large for an entry, beside the journal: a file per payload in `payloads/`, named by its SHA-256. An entry that
 * names one is appended once the file is on the disk.
 */
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { access, mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

export interface Payloads {
  /** Resolves with the digest once the bytes are on the disk. Rejects with what the file system says. */
  put(bytes: Uint8Array): Promise<string>
  /** Undefined for one that is gone, or not what it was. */
  get(sha256: string): Buffer | undefined
}

/** Those of the journal in a folder. Nothing is made before the first is put. */
export function openPayloads(journal: string): Payloads {
  const folder = join(journal, 'payloads')
  return {
    async put(bytes) {
      const sha256 = digestOf(bytes)
      const path = join(folder, sha256)
      if (await exists(path)) return sha256
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const partial = `${path}.${randomUUID()}.part`
      try {
        await writeDurably(partial, bytes)
        await rename(partial, path)
        await syncFolder(folder)
      } catch (error) {
        await rm(partial, { force: true })
        throw error
      }
      return sha256
    },
    get(sha256) {
      if (!/^[0-9a-f]{64}$/.test(sha256)) return undefined
      try {
        const bytes = readFileSync(join(folder, sha256))
        return digestOf(bytes) === sha256 ? bytes : undefined
      } catch {
        return undefined
      }
    },
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.datasync()
  } finally {
    await handle.close()
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
