/**
 * One writer per folder. Every process that wants to write puts a file of its own there, named after itself, and
 * only then looks who else has one: of two that come together at most one goes on. A name is never used by a
 * second process, so the file of a dead one can be removed without a race.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { JarcastError } from '../errors.ts'
import { errnoOf } from './file-errors.ts'

export interface Lock {
  release(): Promise<void>
}

interface Holder {
  readonly pid: number
  /** When the process started, in ticks since the machine did; 0 where /proc does not tell. */
  readonly started: number
  /** The machine's start, so that pids and ticks of an earlier one are not taken for ours. */
  readonly boot: string
  readonly host: string
}

const attempts = 5

/**
 * Takes the lock of a folder, also over from a process that died. A process on another host sharing the folder
 * counts as alive: nothing here can tell. Throws JOURNAL_LOCKED, naming the holder, and what the file system throws.
 */
export async function acquireLock(folder: string): Promise<Lock> {
  const self = thisProcess()
  const file = join(folder, fileNameOf(self))
  for (let attempt = 1; ; attempt++) {
    await writeFile(file, '', { flag: 'wx' }).catch((error: unknown) => {
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
async function findRival(folder: string, self: Holder): Promise<Holder | undefined> {
  for (const name of readdirSync(folder)) {
    const holder = parseFileName(name)
    if (holder === undefined || name === fileNameOf(self)) continue
    if (isAlive(holder, self)) return holder
    await rm(join(folder, name), { force: true })
  }
  return undefined
}

function isAlive(holder: Holder, self: Holder): boolean {
  if (holder.host !== self.host) return true
  if (holder.boot !== self.boot || !doesProcessExist(holder.pid)) return false
  const { state, started } = readStat(holder.pid)
  // A process that was killed stays a zombie until its parent looks: it writes nothing any more.
  return started === holder.started && state !== 'Z' && state !== 'X'
}

function doesProcessExist(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return errnoOf(error) === 'EPERM'
  }
}

function thisProcess(): Holder {
  return {
    pid: process.pid,
    started: readStat(process.pid).started,
    boot: readProc('sys/kernel/random/boot_id').slice(0, 8) || '0',
    host: hostname()
      .replaceAll(/[^\w-]/g, '_')
      .slice(0, 64),
  }
}

function readStat(pid: number): { readonly state: string; readonly started: number } {
  const stat = readProc(`${pid}/stat`)
  // The second field is the program's name in brackets, which may hold anything; the state is the third, the start
  // the 22nd.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { state: fields[0] ?? '', started: Number(fields[19] ?? 0) }
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8')
  } catch {
    return ''
  }
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
