/** Removes the libraries of a set from the sandbox; the host cache keeps them. */
import { randomUUID } from 'node:crypto'
import { renameSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Removes `<sandbox>/libraries/<set id>`. The folder is renamed on return, so the same set can be
 * installed again at once.
 */
export function releaseSet(sandbox: string, setId: string): void {
  const parent = join(sandbox, 'libraries')
  const leaving = join(parent, `.released-${randomUUID()}`)
  try {
    renameSync(join(parent, setId), leaving)
  } catch {
    // Missing, or it cannot be renamed: then it is removed with the sandbox.
    return
  }
  void rm(leaving, { recursive: true, force: true }).catch(() => undefined)
}
