import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isEntry } from '../../../src/journal/journal.ts'
import { readJournal } from '../../../src/journal/files/read-journal.ts'
import { sharedFileSystem } from '../../../src/leases/file-system.ts'
import { thisProcess } from '../../../src/leases/process-identity.ts'
import { codeOf, errorOf, note, open, temporaryFolder } from '../support/journal-folder.ts'
import { bundleJournal, killHard, startProgram } from '../support/writer-process.ts'
import type { WriterProcess } from '../support/writer-process.ts'

const otherNamespace = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc']
const canUnshare = canRun([...otherNamespace, 'true'])
const canLock = canRun(['flock', '--version']) || canRun(['busybox', 'flock', '--help'])
const withoutFlock = ['env', 'PATH=/nowhere']
const onRamfs = (folder: string) => {
  const script = `mount -t ramfs none ${folder} && exec "$@"`
  return ['unshare', '-m', 'sh', '-c', script, 'sh']
}
const canMount = canRun([...onRamfs('/mnt'), 'true'])
if (!canUnshare) console.log('skipped: writers in another pid namespace, needs Linux and root')
if (!canMount) console.log('skipped: a file system that is not known, needs Linux and root')
if (!canLock) console.log('skipped: kernel locks, needs the program flock')

function canRun([command = '', ...args]: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

/** A process that opens the journal in a folder, says so, and lives on. */
async function startHolder(
  folder: string,
  wrapper: readonly string[] = [],
  more = '',
): Promise<WriterProcess> {
  const writer = startProgram(
    await bundleJournal(),
    `const journal = await open(${JSON.stringify(folder)})
     ${more}
     print('open')
     setInterval(() => undefined, 1000)`,
    wrapper,
  )
  expect(await writer.read()).toBe('open')
  return writer
}

/** What comes of opening and closing a journal in another process: `open`, or the code of the error. */
async function openElsewhere(folder: string, wrapper: readonly string[]): Promise<unknown> {
  const writer = startProgram(
    await bundleJournal(),
    `const journal = await open(${JSON.stringify(folder)}).catch((error) => print(error.code))
     if (journal !== undefined) { await journal.close(); print('open') }`,
    wrapper,
  )
  return await writer.read()
}

function locksIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => name.startsWith('lock'))
}

/** The only process of its namespace below `unshare` is the second. */
function namespacedPid({ child }: WriterProcess): number {
  const [pid] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ')
  return Number(pid)
}

describe.skipIf(!canLock)('the kernel lock', () => {
  it.skipIf(!canUnshare)('counts across pid namespaces, in both directions', async () => {
    const folder = temporaryFolder()
    const inside = await startHolder(folder, otherNamespace)
    expect(await errorOf(() => open(folder))).toMatchObject({
      code: 'JOURNAL_LOCKED',
      message: expect.stringContaining('in another pid namespace'),
    })
    process.kill(namespacedPid(inside), 'SIGKILL')
    await once(inside.child, 'exit')
    const journal = await open(folder)
    expect(await openElsewhere(folder, otherNamespace)).toBe('JOURNAL_LOCKED')
    await journal.close()
    expect(await openElsewhere(folder, otherNamespace)).toBe('open')
    expect(locksIn(folder)).toEqual([])
  })

  it.skipIf(!canUnshare)('is not fooled by a pid that another namespace has, too', async () => {
    const folder = temporaryFolder()
    // Both are pid 1 of their namespace, or near it, on a host of the same name.
    await startHolder(folder, otherNamespace)
    for (const wrapper of [otherNamespace, [...otherNamespace, ...withoutFlock]]) {
      expect(await openElsewhere(folder, wrapper)).toBe('JOURNAL_LOCKED')
    }
  })

  it('lasts when the files of the lock are removed', async () => {
    const folder = temporaryFolder()
    const holder = await startHolder(folder)
    for (const name of locksIn(folder)) rmSync(join(folder, name))
    expect(await codeOf(() => open(folder))).toBe('JOURNAL_LOCKED')
    renameSync(folder, `${folder}-moved`)
    expect(await codeOf(() => open(`${folder}-moved`))).toBe('JOURNAL_LOCKED')
    renameSync(`${folder}-moved`, folder)
    await killHard(holder)
    await (await open(folder)).close()
  })

  it('lasts while its holder is stopped', async () => {
    const folder = temporaryFolder()
    const holder = await startHolder(folder)
    holder.child.kill('SIGSTOP')
    expect(await codeOf(() => open(folder))).toBe('JOURNAL_LOCKED')
    holder.child.kill('SIGCONT')
    expect(await codeOf(() => open(folder))).toBe('JOURNAL_LOCKED')
  })

  it('is not inherited by children of its holder', async () => {
    const folder = temporaryFolder()
    const holder = await startHolder(
      folder,
      [],
      `const { spawn } = await import('node:child_process')
       setTimeout(() => print(spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }).pid))`,
    )
    const orphan = (await holder.read()) as number
    try {
      await killHard(holder)
      await (await open(folder)).close()
      expect(locksIn(folder)).toEqual([])
    } finally {
      process.kill(orphan, 'SIGKILL')
    }
  })

  it('opens a copy of the folder, which has no owner', async () => {
    const folder = temporaryFolder()
    const journal = await open(folder)
    await journal.append([note(1)])
    const copy = join(temporaryFolder(), 'copy')
    cpSync(folder, copy, { recursive: true })
    expect(locksIn(copy).length).toBe(1)
    const other = await open(copy)
    expect([...other.read()]).toEqual([note(1)])
    await other.close()
    await journal.close()
  })
})

describe('the lock', () => {
  it('of another process is respected until that is gone', async () => {
    const bundle = await bundleJournal()
    const folder = temporaryFolder()
    const writer = startProgram(
      bundle,
      `const journal = await open(${JSON.stringify(folder)})
       await journal.append([note(1)])
       print('open')
       setInterval(() => undefined, 1000)`,
    )
    expect(await writer.read()).toBe('open')
    const error = await errorOf(() => open(folder))
    expect(error.code).toBe('JOURNAL_LOCKED')
    expect(error.message).toContain(`process ${writer.child.pid} `)
    expect(error.message).toContain(folder)
    await killHard(writer)
    const journal = await open(folder)
    expect([...journal.read()]).toEqual([note(1)])
    await journal.close()
    expect(readdirSync(folder).filter((name) => name.startsWith('lock'))).toEqual([])
  })

  it('ends with its journal on a disk that became read-only', async () => {
    const folder = temporaryFolder()
    const journal = await open(folder)
    const { rm } = fs
    fs.rm = (path) =>
      Promise.reject(Object.assign(new Error(`EROFS, unlink ${String(path)}`), { code: 'EROFS' }))
    syncBuiltinESMExports()
    try {
      await journal.close()
    } finally {
      fs.rm = rm
      syncBuiltinESMExports()
    }
    expect(locksIn(folder)).toHaveLength(1)
    await (await open(folder)).close()
    expect(locksIn(folder)).toEqual([])
  })

  it('of a process that is gone for certain is taken over', async () => {
    const folder = temporaryFolder()
    const own = await ownLock(folder)
    const stale: readonly Partial<LockName>[] = [
      { started: String(Number(own.started) + 1) },
      { boot: 'abcdef01' },
      { boot: 'abcdef01', host: 'renamed-since' },
      { pid: '4194304' },
      { pid: '4194304', host: 'renamed-since' },
      // The folder is a copy of one that somebody writes.
      { pid: '1', namespace: '1', inode: '1' },
    ]
    for (const change of stale) {
      writeFileSync(join(folder, nameOf({ ...own, hold: 'file', ...change })), '')
      await (await open(folder)).close()
    }
    expect(readdirSync(folder)).toEqual(['journal-0000000000000001.ndjson'])
  })

  it('of a process that may live is respected, and says how to remove it', async () => {
    const folder = temporaryFolder()
    const own = { ...(await ownLock(folder)), pid: '4194304' }
    const living: readonly Partial<LockName>[] = [
      { hold: 'file', namespace: '1' },
      // Its folder is a network's: to the server of an NFS it is a disk like any other.
      { hold: 'shared' },
      { hold: 'shared', boot: 'abcdef01' },
      { hold: 'shared', boot: 'abcdef01', host: 'elsewhere', inode: '1' },
    ]
    for (const change of living) {
      const name = nameOf({ ...own, ...change })
      writeFileSync(join(folder, name), '')
      const error = await errorOf(() => open(folder))
      expect(error.code).toBe('JOURNAL_LOCKED')
      expect(error.message).toContain('process 4194304 ')
      expect(error.message).toContain(`remove ${name}`)
      expect(locksIn(folder)).toEqual([name])
      rmSync(join(folder, name))
    }
    await (await open(folder)).close()
  })

  it('is held by one at most when many come at once', async () => {
    const bundle = await bundleJournal()
    const folder = temporaryFolder()
    writeFileSync(join(folder, nameOf({ ...(await ownLock(folder)), pid: '4194304' })), '')
    // Each tries until it is the writer, adds what it sees as the next entry, and lets the next one in.
    const program = `
      for (let turn = 0; turn < 3; ) {
        const journal = await open(${JSON.stringify(folder)}).catch((error) => {
          if (error.code !== 'JOURNAL_LOCKED') throw error
        })
        if (journal === undefined) continue
        await journal.append([note(journal.lastSeq + 1, String(process.pid))])
        await new Promise((resolve) => setTimeout(resolve, 5))
        await journal.append([note(journal.lastSeq + 1, String(process.pid))])
        await journal.close()
        turn += 1
      }
      print('done')`
    // Those that have the program flock and those that have not.
    const writers = [[], withoutFlock, [], withoutFlock].map((wrapper) =>
      startProgram(bundle, program, wrapper),
    )
    const outcomes = writers.map(async (writer) => {
      const errors: Buffer[] = []
      writer.child.stderr.on('data', (data: Buffer) => errors.push(data))
      const line = await writer.read()
      if (writer.child.exitCode === null) await once(writer.child, 'exit')
      return [line, Buffer.concat(errors).toString()]
    })
    expect(await Promise.all(outcomes)).toEqual(writers.map(() => ['done', '']))
    const entries = [...readJournal(folder).records].filter(isEntry)
    expect(entries.length).toBe(4 * 3 * 2)
    const pids = entries.map(({ event }) => (event as unknown as { text: string }).text)
    // Two at a time are of the same process: nobody wrote in between.
    expect(pids.filter((_, index) => index % 2 === 0)).toEqual(
      pids.filter((_, index) => index % 2 === 1),
    )
  })
})

describe('the lock without the program flock', () => {
  it('is held by a living process of the same namespace', async () => {
    const folder = temporaryFolder()
    const holder = await startHolder(folder, withoutFlock)
    expect(await errorOf(() => open(folder))).toMatchObject({
      code: 'JOURNAL_LOCKED',
      details: { pid: holder.child.pid, boot: thisProcess().boot },
    })
    expect(await openElsewhere(folder, withoutFlock)).toBe('JOURNAL_LOCKED')
    await killHard(holder)
    expect(await openElsewhere(folder, withoutFlock)).toBe('open')
  })

  it.skipIf(!canUnshare)('takes no process in another pid namespace for dead', async () => {
    const folder = temporaryFolder()
    await startHolder(folder, [...otherNamespace, ...withoutFlock])
    expect(await codeOf(() => open(folder))).toBe('JOURNAL_LOCKED')
    expect(await openElsewhere(folder, withoutFlock)).toBe('JOURNAL_LOCKED')
  })
})

describe.skipIf(!canMount)('the lock on a file system that may be shared', () => {
  it('is never taken for dead, and is removed by hand', async () => {
    const folder = temporaryFolder()
    const writer = startProgram(
      await bundleJournal(),
      `const { readdirSync, rmSync, writeFileSync } = await import('node:fs')
       const folder = ${JSON.stringify(folder)} + '/run'
       const journal = await open(folder)
       const [lock] = readdirSync(folder).filter((name) => name.startsWith('lock'))
       await open(folder).catch(({ code }) => print(code))
       await journal.close()
       await (await open(folder)).close()
       const dead = lock.replace(/^lock[.]\\d+/, 'lock.4194304')
       writeFileSync(folder + '/' + dead, '')
       await open(folder).catch(({ code, message }) => print([code, message, dead]))
       rmSync(folder + '/' + dead)
       await (await open(folder)).close()
       print(readdirSync(folder))`,
      onRamfs(folder),
    )
    expect(await writer.read()).toBe('JOURNAL_LOCKED')
    const [code, message, dead] = (await writer.read()) as readonly string[]
    expect(code).toBe('JOURNAL_LOCKED')
    expect(dead).toMatch(/shared$/)
    expect(message).toContain('0x858458f6')
    expect(message).toContain(`remove ${dead}`)
    expect(await writer.read()).toEqual(['journal-0000000000000001.ndjson'])
  })
})

describe.skipIf(process.platform !== 'linux')('sharedFileSystem', () => {
  it('distinguishes a disk from other devices', () => {
    expect(sharedFileSystem(temporaryFolder())).toBeUndefined()
    expect(sharedFileSystem('/proc')).toBe('type 0x9fa0')
  })
})

interface LockName {
  readonly pid: string
  readonly started: string
  readonly boot: string
  readonly namespace: string
  readonly host: string
  readonly inode: string
  readonly hold: string
}

function nameOf({ pid, started, boot, namespace, host, inode, hold }: LockName): string {
  return ['lock', pid, started, boot, namespace, host, inode, hold].join('.')
}

async function ownLock(folder: string): Promise<LockName> {
  const journal = await open(folder)
  try {
    const [, pid = '', started = '', boot = '', namespace = '', host = '', inode = '', hold = ''] =
      locksIn(folder)[0]?.split('.') ?? []
    return { pid, started, boot, namespace, host, inode, hold }
  } finally {
    await journal.close()
  }
}
