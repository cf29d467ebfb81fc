/** Takes a set's libraries out of the sandbox; the host cache keeps the bytes. */
import { randomUUID } from 'node:crypto'
import { renameSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Removes `<sandbox>/libraries/<set id>`. It is out of the way on return: the same set can be installed again at once. */
export function releaseSet(sandbox: string, setId: string): void {
  const parent = join(sandbox, 'libraries')
  const leaving = join(parent, `.released-${randomUUID()}`)
  try {
    renameSync(join(parent, setId), leaving)
  } catch {
    // Not there, or not to be moved: it goes with the sandbox.
    return
  }
  void rm(leaving, { recursive: true, force: true }).catch(() => undefined)
}
