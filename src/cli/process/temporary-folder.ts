/** One folder for everything temporary of this process, so that even a hurried end can remove it. */
import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { JarcastError } from '../../errors.ts'
import { makeLeasedFolder } from '../../leases/leased-folder.ts'

const folders = new Set<string>()

/**
 * Runs `work` with TMPDIR naming a new folder, which is removed afterwards.
 * Rejects with what `work` rejects with; `CONFIG_INVALID` when the folder cannot be made.
 */
export async function withTemporaryFolder<Result>(work: () => Promise<Result>): Promise<Result> {
  const before = process.env['TMPDIR']
  const folder = makeFolder()
  folders.add(folder)
  process.env['TMPDIR'] = folder
  try {
    return await work()
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined)
    folders.delete(folder)
  }
}

/** Removes at once what `withTemporaryFolder` made, for a process that ends without waiting for its work. */
export function removeTemporaryFolders(): void {
  for (const folder of folders) {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    } catch {
      // Something still writes there, and this process has no time left.
    }
  }
}

function makeFolder(): string {
  try {
    return makeLeasedFolder('run')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const remedy = 'set TMPDIR to a folder that exists and that you may write to'
    throw new JarcastError(
      'CONFIG_INVALID',
      `no temporary folder can be made in ${tmpdir()} (${code}); ${remedy}`,
      { cause, details: { path: tmpdir() } },
    )
  }
}
