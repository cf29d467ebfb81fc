/** A folder for what many hosts write at once: one disk would have to write what the disks of all would. */
import { rmSync } from 'node:fs'
import { mkdtemp, statfs } from 'node:fs/promises'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'

export interface MemoryFolder {
  readonly path: string
  remove(): void
}

const memory = '/dev/shm'

/** In memory if there is room for so many bytes, else on the disk. Removed with this process at the latest. */
export async function makeMemoryFolder(bytes: number): Promise<MemoryFolder> {
  const path = await mkdtemp(join((await hasRoom(bytes)) ? memory : tmpdir(), 'relay-'))
  const remove = (): void => {
    process.off('exit', remove)
    rmSync(path, { recursive: true, force: true, maxRetries: 3 })
  }
  process.once('exit', remove)
  return { path, remove }
}

/** Containers often have a small one. */
async function hasRoom(bytes: number): Promise<boolean> {
  const found = await statfs(memory).catch(() => undefined)
  return found !== undefined && Math.min(found.bavail * found.bsize, freemem()) > bytes
}
