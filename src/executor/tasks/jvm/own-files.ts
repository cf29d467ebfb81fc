/**
 * Files of the executor that task hosts run. Tasks may write to them, so they are checked before
 * each use.
 */
import { randomUUID } from 'node:crypto'
import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolders } from '../../../leases/private-files.ts'

/** Makes sure that the folder holds exactly these files. */
export async function ensureFolder(
  folder: string,
  files: Readonly<Record<string, Buffer>>,
): Promise<void> {
  if (await holdsExactly(folder, files)) return
  const building = `${folder}.${randomUUID()}`
  makeFolders(building)
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(join(building, name), bytes, { mode: 0o444 })
  }
  await rm(folder, { recursive: true, force: true })
  await rename(building, folder)
}

/** Writes the file unless it has these bytes. */
export async function ensureFile(path: string, bytes: Buffer): Promise<void> {
  const found = await readFile(path).catch(() => undefined)
  if (found?.equals(bytes) === true) return
  const building = `${path}.${randomUUID()}`
  makeFolders(dirname(path))
  await writeFile(building, bytes, { mode: 0o444 })
  await rename(building, path)
}

async function holdsExactly(
  folder: string,
  files: Readonly<Record<string, Buffer>>,
): Promise<boolean> {
  const names = Object.keys(files)
  const found = await readdir(folder).catch(() => [])
  if (found.length !== names.length) return false
  const same = names.map(async (name) => {
    const bytes = await readFile(join(folder, name)).catch(() => undefined)
    return bytes !== undefined && files[name]?.equals(bytes) === true
  })
  return (await Promise.all(same)).every(Boolean)
}
