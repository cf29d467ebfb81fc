/** One folder for all temporary files of a command, so that an immediate exit can remove it. */
import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { configInvalid } from '../../errors.ts'
import { makeLeasedFolder } from '../../leases/leased-folder.ts'

const folders = new Set<string>()

/**
 * Runs `work` with TMPDIR naming a new folder, which is removed afterwards.
 * Rejects like `work`; with `CONFIG_INVALID` if the folder cannot be made.
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

/** Removes the folders of `withTemporaryFolder` at once, for an immediate exit. */
export function removeTemporaryFolders(): void {
  for (const folder of folders) {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    } catch {
      // Something still writes there, and the process is about to exit.
    }
  }
}

function makeFolder(): string {
  try {
    return makeLeasedFolder('run')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const remedy = 'set TMPDIR to a folder that exists and that you may write to'
    const message = `no temporary folder can be made in ${tmpdir()} (${code}); ${remedy}`
    throw configInvalid('TMPDIR', message, cause)
  }
}
