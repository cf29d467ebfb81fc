/**
 * One writer per folder. Every process that wants to write puts a file of its own there, named after itself, and
 * only then looks who else has one: of two that come together at most one goes on. A name is never used by a
 * second process, so the file of a dead one can be removed without a race.
 */
import { readdirSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { JarcastError } from '../errors.ts'
import { isProvablyDead, thisProcess } from '../leases/process-identity.ts'
import type { ProcessIdentity } from '../leases/process-identity.ts'
import { errnoOf } from './file-errors.ts'

export interface Lock {
  release(): Promise<void>
}

type Holder = Omit<ProcessIdentity, 'namespace'>

const attempts = 5

/**
 * Takes the lock of a folder, also over from a process that died. A process on another host sharing the folder
 * counts as alive: nothing here can tell. Throws JOURNAL_LOCKED, naming the holder, and what the file system throws.
 */
export async function acquireLock(folder: string): Promise<Lock> {
  const self = thisProcess()
  const file = join(folder, fileNameOf(self))
  for (let attempt = 1; ; attempt++) {
    await writeFile(file, '', { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
      throw errnoOf(error) === 'EEXIST' ? locked(folder, self) : error
    })
    try {
      const rival = await findRival(folder, self)
      if (rival === undefined) return { release: () => rm(file, { force: true }) }
      if (attempt === attempts) throw locked(folder, rival)
    } catch (error) {
      await rm(file, { force: true })
      throw error
    }
    // The rival may be about to give up for us, as we are for it.
    await rm(file, { force: true })
    await sleep(5 + Math.random() * 30)
  }
}

/** Another living holder. Files of dead ones are removed on the way. */
async function findRival(folder: string, self: ProcessIdentity): Promise<Holder | undefined> {
  for (const name of readdirSync(folder)) {
    const holder = parseFileName(name)
    if (holder === undefined || name === fileNameOf(self)) continue
    if (!isProvablyDead({ ...holder, namespace: self.namespace }, self)) return holder
    await rm(join(folder, name), { force: true })
  }
  return undefined
}

function fileNameOf({ pid, started, boot, host }: Holder): string {
  return `lock.${pid}.${started}.${boot}.${host}`
}

function parseFileName(name: string): Holder | undefined {
  const [, pid, started, boot = '', host = ''] =
    /^lock\.(\d+)\.(\d+)\.([\da-f]+)\.([\w-]+)$/.exec(name) ?? []
  return pid === undefined ? undefined : { pid: Number(pid), started: Number(started), boot, host }
}

function locked(folder: string, holder: Holder): JarcastError {
  const { pid, host } = holder
  const elsewhere = host === thisProcess().host ? '' : ` on ${host}`
  return new JarcastError(
    'JOURNAL_LOCKED',
    `process ${pid}${elsewhere} writes the journal in ${folder}: stop it, or name another folder` +
      (elsewhere === '' ? '' : `; if it is gone for sure, remove ${fileNameOf(holder)} there`),
    { retryable: true, details: { folder, pid, host } },
  )
}
